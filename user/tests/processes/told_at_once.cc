// Another CPU runs a program that makes no calls: what is asked of it comes by an interrupt of its own.
// The row runs without ticks.
#include "cairn/children.h"

static uint64_t lowest(uint64_t cpus) { return cpus & -cpus; }

TEST(
    "A process that computes on another CPU is killed when somebody kills it, and not at a tick.") {
    uint64_t masks[16] = {}, wrong = 0;
    CHECK_THAT(sys_sched_getaffinity(0, sizeof masks, masks) > 0);
    uint64_t mine = lowest(masks[0]), other = lowest(masks[0] & ~mine);
    if (other == 0) other = mine;  // on a machine with a single CPU
    CHECK(sys_sched_setaffinity(0, sizeof mine, &mine), 0);
    auto* count = shared<volatile uint64_t>();
    for (int round = 0; round < 5; round++) {
        *count = 0;
        long pid = start_child([=] {
            sys_sched_setaffinity(0, sizeof other, &other);
            for (;;) *count = *count + 1;
            return 0;
        });
        while (*count < 1000) sys_sched_yield();
        wrong += sys_kill(static_cast<int>(pid), SIGKILL) != 0;
        wrong += differs("child", wait_for(pid), killed_by(SIGKILL));
    }
    CHECK(wrong, 0);
}
