// Each CPU of the machine takes its part.
#include "cairn/children.h"

static unsigned this_cpu() {
    unsigned cpu = 99;
    system_call(__NR_getcpu, reinterpret_cast<long>(&cpu), 0, 0, 0, 0, 0);
    return cpu;
}

TEST("A process goes to the CPU that it is told to, each of them, and every CPU runs somebody.") {
    uint64_t all[16] = {}, wrong = 0, count = 0;
    CHECK_THAT(sys_sched_getaffinity(0, sizeof all, all) > 0);
    auto* together = shared<volatile uint64_t[64]>();
    long pids[64] = {};
    for (uint64_t cpu = 0; cpu < 64; cpu++) {
        if ((all[0] >> cpu & 1) == 0) continue;
        count++;
        uint64_t one = uint64_t{1} << cpu;
        pids[cpu] = start_child([=] {
            sys_sched_setaffinity(0, sizeof one, &one);
            uint64_t wrong = this_cpu() != cpu;
            (*together)[cpu] = secret(cpu);
            // All of them compute at the same time.
            for (uint64_t other = 0; other < 64; other++) {
                while ((all[0] >> other & 1) != 0 && (*together)[other] != secret(other)) {
                }
            }
            return wrong + (this_cpu() != cpu) + 3;
        });
    }
    for (long pid : pids) wrong += pid != 0 && differs("child", wait_for(pid), exited(3));
    CHECK(wrong, 0);
    note("%lu CPUs", count);
    // One process visits them all.
    for (uint64_t cpu = 0; cpu < 64; cpu++) {
        uint64_t one = all[0] & uint64_t{1} << cpu;
        if (one == 0) continue;
        wrong += sys_sched_setaffinity(0, sizeof one, &one) != 0 || this_cpu() != cpu;
    }
    CHECK(wrong, 0);
}
