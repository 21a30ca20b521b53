// The plain scheduling policies: sched_setscheduler(2) and its like.
#include <linux/sched/types.h>

#include "cairn/children.h"

static long call(long number, long a, long b, long c) {
    return system_call(number, a, b, c, 0, 0, 0);
}

static long set(int pid, int policy, int priority) {
    return call(__NR_sched_setscheduler, pid, policy, reinterpret_cast<long>(&priority));
}

static long policy_of(int pid) { return call(__NR_sched_getscheduler, pid, 0, 0); }

TEST("The plain policies can be set and are inherited; they have no priorities but 0.") {
    int priority = 55;
    CHECK(policy_of(0), SCHED_NORMAL);
    CHECK(call(__NR_sched_getparam, 0, reinterpret_cast<long>(&priority), 0), 0);
    CHECK(priority, 0);
    CHECK(set(0, SCHED_BATCH, 0), 0);
    CHECK(policy_of(0), SCHED_BATCH);
    CHECK(in_child([] { return policy_of(0); }), SCHED_BATCH);
    CHECK(in_child([] { return set(0, SCHED_IDLE, 0) + policy_of(0); }), SCHED_IDLE);
    CHECK(set(0, SCHED_NORMAL, 1), -EINVAL);
    CHECK(set(0, 4, 0), -EINVAL);
    CHECK(set(0, -1, 0), -EINVAL);
    CHECK(set(-1, SCHED_NORMAL, 0), -EINVAL);
    CHECK(set(kNobody, SCHED_NORMAL, 0), -ESRCH);
    CHECK(policy_of(kNobody), -ESRCH);
    CHECK(policy_of(-1), -EINVAL);
    CHECK(set(0, SCHED_NORMAL, 0), 0);
    priority = 1;
    CHECK(call(__NR_sched_setparam, 0, reinterpret_cast<long>(&priority), 0), -EINVAL);
    CHECK(call(__NR_sched_get_priority_max, SCHED_NORMAL, 0, 0), 0);
    CHECK(call(__NR_sched_get_priority_min, SCHED_BATCH, 0, 0), 0);
    CHECK(call(__NR_sched_get_priority_max, 77, 0, 0), -EINVAL);
    __kernel_timespec slice = {-1, -1};
    CHECK(call(__NR_sched_rr_get_interval, 0, reinterpret_cast<long>(&slice), 0), 0);
    CHECK_THAT(slice.tv_sec == 0 && slice.tv_nsec >= 0);
    CHECK(call(__NR_sched_getparam, 0, 8, 0), -EFAULT);
}
