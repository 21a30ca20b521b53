// The kernel writes into the memory of programs, too, and must copy a shared page as they do.
#include "cairn/children.h"
#include "cairn/pipe.h"

TEST("A system call that writes to a page shared since fork changes the caller's copy only.") {
    uint64_t memory = map_memory(2 * PAGE);
    auto* times = reinterpret_cast<__kernel_timespec*>(memory + PAGE - 8);  // on both pages
    *at(memory + PAGE - 8) = secret(0);
    *at(memory + PAGE) = secret(1);
    // The child lets the kernel write.
    CHECK(in_child([=] {
              if (sys_clock_getres(1, times) != 0) return uint64_t{1};
              return uint64_t{*at(memory + PAGE - 8) == secret(0)} +
                     (*at(memory + PAGE) == secret(1));
          }),
          0);
    CHECK(*at(memory + PAGE - 8), secret(0));
    CHECK(*at(memory + PAGE), secret(1));
    // The parent lets the kernel write, while a child looks on.
    int pipe[2] = {-1, -1};
    CHECK(sys_pipe2(pipe, 0), 0);
    long child = start_child([&] {
        uint64_t go = take_word(pipe[0], 0);
        uint64_t same = (*at(memory + PAGE - 8) == secret(0)) + (*at(memory + PAGE) == secret(1));
        return go == secret(2) && same == 2 ? 7 : 1;
    });
    CHECK(sys_clock_getres(1, times), 0);
    CHECK(put_word(pipe[1], secret(2)), 8);
    CHECK(wait_for(child), exited(7));
    CHECK_THAT(*at(memory + PAGE) != secret(1));
}
