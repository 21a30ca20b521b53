// Which CPUs a process may run on: sched_setaffinity(2), sched_getaffinity(2).
#include "cairn/children.h"

static uint64_t mask_of(int pid) {
    uint64_t mask[16] = {};
    return sys_sched_getaffinity(pid, sizeof mask, mask) < 0 ? 0 : mask[0];
}

TEST(
    "A process runs on the CPUs that it was given, its children inherit them, and none is "
    "refused.") {
    uint64_t all = mask_of(0), large[16], none = 0, far = uint64_t{1} << 63, first = all & -all;
    CHECK_THAT(all != 0);
    CHECK_THAT(sys_sched_getaffinity(0, sizeof large, large) % 8 == 0);
    CHECK(sys_sched_getaffinity(0, 7, large), -EINVAL);
    CHECK(sys_sched_setaffinity(0, sizeof none, &none), -EINVAL);
    CHECK(sys_sched_setaffinity(0, sizeof far, &far), -EINVAL);
    CHECK(sys_sched_setaffinity(kNobody, sizeof first, &first), -ESRCH);
    CHECK(sys_sched_getaffinity(kNobody, sizeof large, large), -ESRCH);
    CHECK(sys_sched_setaffinity(0, sizeof first, reinterpret_cast<void*>(8)), -EFAULT);
    CHECK(sys_sched_setaffinity(0, sizeof first, &first), 0);
    CHECK(mask_of(0), first);
    unsigned cpu = 99;
    CHECK(system_call(__NR_getcpu, reinterpret_cast<long>(&cpu), 0, 0, 0, 0, 0), 0);
    CHECK(uint64_t{1} << cpu, first);
    CHECK(in_child([] { return mask_of(0); }), first);
    // CPUs that there are not are left out, and a child's mask can be set.
    uint64_t wide = ~uint64_t{0};
    CHECK(sys_sched_setaffinity(0, sizeof wide, &wide), 0);
    CHECK(mask_of(0) & all, all);
    int child = static_cast<int>(start_child([] {
        for (;;) sleep_us(1000000);
        return 0;
    }));
    CHECK(sys_sched_setaffinity(child, sizeof first, &first), 0);
    CHECK(mask_of(child), first);
    CHECK(sys_kill(child, SIGKILL) + wait_for(child), killed_by(SIGKILL));
}
