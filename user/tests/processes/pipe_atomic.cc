// Many writers of one pipe: what one write of at most PIPE_BUF bytes carries stays together (pipe(7)).
#include "cairn/children.h"
#include "cairn/pipe.h"

static constexpr uint64_t kWriters = 5, kMost = 512;  // words: 4,096 bytes

// Message `n` of a writer is its length in words, its number, and words that follow from both.
static uint64_t length_of(uint64_t writer, uint64_t n) {
    uint64_t drawn = secret(writer * 100 + n);
    return drawn % 4 == 0 ? kMost : 2 + drawn % 60;
}

static uint64_t word_of(uint64_t id, uint64_t i) { return secret(0) + id * kMost + i; }

TEST("What several processes write to one pipe is mixed, but no message of 4,096 bytes is cut.") {
    uint64_t each = argument_number(1, 40), ids = kWriters * 100;
    int pipe[2] = {-1, -1};
    long pids[kWriters];
    CHECK(sys_pipe2(pipe, 0), 0);
    for (uint64_t w = 0; w < kWriters; w++) {
        pids[w] = start_child([&] {
            static uint64_t message[kMost];
            for (uint64_t n = 0; n < each; n++) {
                uint64_t length = length_of(w, n), id = w * 100 + n;
                message[0] = length, message[1] = id;
                for (uint64_t i = 2; i < length; i++) message[i] = word_of(id, i);
                if (sys_write(pipe[1], message, length * 8) != static_cast<long>(length * 8))
                    return 1;
            }
            return 0;
        });
    }
    sys_close(pipe[1]);
    uint64_t next[kWriters] = {}, wrong = 0, count = 0;
    for (uint64_t length; (length = take_word(pipe[0], 0)) != 0 && wrong == 0; count++) {
        uint64_t id = take_word(pipe[0], ids);
        wrong += id >= ids || id % 100 != next[id / 100 % kWriters]++ || length > kMost;
        for (uint64_t i = 2; i < length && wrong == 0; i++) {
            wrong += take_word(pipe[0], 0) != word_of(id, i);
        }
    }
    CHECK(wrong, 0);
    CHECK(count, kWriters * each);
    for (long pid : pids) wrong += differs("writer", wait_for(pid), exited(0));
    CHECK(wrong, 0);
}
