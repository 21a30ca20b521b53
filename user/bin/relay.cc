// Five processes that have to do with each other, so that the timeline of the scheduler has something to show
// (make trace): words go from `source` through `adder` to the first process, `spinner` wants a CPU for
// itself, and `sleeper` does nothing, three times. What each of them must do, and when, can be foreseen.
#include "cairn/pipe.h"
#include "cairn/print.h"
#include "cairn/process.h"

namespace {

constexpr uint64_t kWords = 6;
constexpr int kNaps = 3;

struct Pipe {
    int out, in;
};

Pipe make_pipe() {
    int fds[2];
    if (sys_pipe2(fds, 0) != 0) sys_exit_group(1);
    return {fds[0], fds[1]};
}

void work(uint64_t rounds) {
    for (volatile uint64_t round = 0; round < rounds;) round = round + 1;
}

// A child with this name in the timeline, which ends when `body` returns.
template <typename Body>
void start(const char* name, Body body) {
    if (sys_fork() != 0) return;
    sys_prctl(PR_SET_NAME, reinterpret_cast<long>(name), 0, 0, 0);
    body();
    sys_exit_group(0);
}

void source(Pipe to) {
    for (uint64_t word = 1; word <= kWords; word++) {
        work(2'000);
        put_word(to.in, word);
    }
}

// Its answer is the sum of all words, when there are no more.
void adder(Pipe from, Pipe to) {
    sys_close(from.in);  // or there would always be one who might write
    uint64_t sum = 0;
    while (const uint64_t word = take_word(from.out, 0)) sum += word;
    put_word(to.in, sum);
}

void sleeper() {
    for (int nap = 0; nap < kNaps; nap++) sleep_us(2'000);
}

}  // namespace

int main() {
    const Pipe words = make_pipe();
    const Pipe answer = make_pipe();
    start("adder", [&] { adder(words, answer); });
    start("spinner", [] { work(60'000); });
    start("sleeper", sleeper);
    start("source", [&] { source(words); });
    sys_close(words.in);
    const uint64_t sum = take_word(answer.out, 0);
    int ended = 0;
    while (sys_wait4(-1, nullptr, 0, nullptr) > 0) ended++;
    print("relay: the words add up to %lu, and %d children have ended\n",
          static_cast<unsigned long>(sum), ended);
    return sum == kWords * (kWords + 1) / 2 && ended == 4 ? 0 : 1;
}
