// A child begins with its parent's floating-point registers, which it has never loaded itself.
#include "cairn/children.h"
#include "cairn/cpu.h"

// 0 if both come back from fork with what the parent had.
static uint64_t keeps_over_fork() {
    cairn::Floats patterns, seen;
    cairn::draw_patterns(patterns);
    long pid = cairn::cpu_floats_over_fork(patterns, seen);
    uint64_t wrong = cairn::digest(seen) != cairn::digest(patterns);
    if (pid == 0) sys_exit_group(static_cast<int>(30 + wrong));
    cairn::note_differences(patterns, seen);
    return wrong + differs("child", wait_for(pid), exited(30));
}

TEST("A child begins with the floating-point registers of its parent.") {
    CHECK(keeps_over_fork(), 0);
    // The second time the CPU has stored them before, and they have changed since.
    CHECK(keeps_over_fork(), 0);
}
