// The end of the first process is the end of the machine, whatever others are doing.
#include "cairn/children.h"
#include "cairn/pipe.h"

static volatile uint64_t* ready;
static int ends[2] = {-1, -1};

// A child that is busy with `work` for ever. (On Linux this program is not init: its death is told.)
template <typename Work>
static long busy(uint64_t number, Work work) {
    long pid = start_child([=] {
        sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        ready[number] = secret(number);
        for (;;) work();
        return 0;
    });
    await(ready[number], secret(number));
    return pid;
}

TEST(
    "When init exits, all processes that sleep, compute or wait end with it, and init's status "
    "counts.") {
    ready = *shared<volatile uint64_t[6]>();
    CHECK(sys_pipe2(ends, 0), 0);
    VALUE(1 + secret(0) % 62);
    CHECK_THAT(busy(0, [] { sleep_us(10'000'000); }) > 0);
    CHECK_THAT(busy(1, [] { take_word(ends[0], 0); }) > 0);
    CHECK_THAT(busy(2, [] { ready[5] = ready[5] + 1; }) > 0);
    CHECK_THAT(busy(3, [] { wait_for(busy(4, [] { sys_sched_yield(); })); }) > 0);
    sleep_us(20'000);
    cairn::finish();
    sys_exit_group(static_cast<int>(1 + secret(0) % 62));
}
