// What a dead child has used is its parent's from the moment that it is reaped, not before.
#include "cairn/children.h"

static constexpr int64_t kWork = 60'000;  // us

static int work() {
    while (used_us(RUSAGE_SELF) < kWork) {
    }
    return 0;
}

static bool is_about(int64_t us, int64_t wanted) {
    note("%ld us, about %ld expected", us, wanted);
    return us >= wanted - 15'000 && us <= wanted + 45'000;
}

TEST("The processor time of children is added when they are reaped, with that of theirs.") {
    CHECK(used_us(RUSAGE_CHILDREN), 0);
    long child = start_child(work);
    siginfo_t info;
    rusage usage = {};
    CHECK(sys_waitid(P_ALL, 0, &info, WEXITED | WNOWAIT, &usage), 0);
    CHECK(used_us(RUSAGE_CHILDREN), 0);
    CHECK_THAT(is_about(cpu_us(&usage), kWork));
    CHECK(sys_wait4(static_cast<int>(child), nullptr, 0, &usage), child);
    CHECK_THAT(is_about(cpu_us(&usage), kWork));
    CHECK_THAT(is_about(used_us(RUSAGE_CHILDREN), kWork));
    // A grandchild's time comes with the child's, if that has waited for it.
    child = start_child([] { return work() + wait_for(start_child(work)); });
    CHECK(wait_for(child), exited(0));
    CHECK_THAT(is_about(used_us(RUSAGE_CHILDREN), 3 * kWork));
    tms times = {};
    CHECK_THAT(sys_times(&times) != -1);
    CHECK_THAT(is_about((times.tms_cutime + times.tms_cstime) * 10'000, 3 * kWork));
    // A child that nobody waited for leaves nothing.
    child = start_child([] { return start_child(work) < 0; });
    CHECK(wait_for(child), exited(0));
    CHECK_THAT(is_about(used_us(RUSAGE_CHILDREN), 3 * kWork));
}
