// The thread pointer: given by CLONE_SETTLS, inherited else, and kept over switches.
#include "cairn/children.h"

static constexpr uint64_t kChildren = 4, kTurns = 40;

static uint64_t keeps(uint64_t wanted) {
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < kTurns; i++) {
        wrong += thread_pointer() != wanted;
        sys_sched_yield();
    }
    return wrong;
}

TEST("Each process keeps its own thread pointer: CLONE_SETTLS sets it, fork copies it.") {
    uint64_t blocks = map_memory((kChildren + 1) * PAGE);
    set_thread_pointer(blocks + kChildren * PAGE);
    // Set just before the fork: it may be in the CPU only.
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < kChildren; i++) {
        set_thread_pointer(blocks + i * PAGE);
        wrong += differs("thread pointer of a child",
                         static_cast<long>(in_child([] { return thread_pointer(); })),
                         static_cast<long>(blocks + i * PAGE));
    }
    CHECK(wrong, 0);
    set_thread_pointer(blocks + kChildren * PAGE);
    long pids[kChildren];
    for (uint64_t i = 0; i < kChildren; i++) {
        uint64_t own = blocks + i * PAGE;
        pids[i] = sys_clone(CLONE_SETTLS | SIGCHLD, nullptr, nullptr, nullptr, own);
        while (pids[i] == 0) sys_exit_group(keeps(own) == 0 ? 5 : 1);
    }
    long forked = start_child([=] { return keeps(blocks + kChildren * PAGE); });
    CHECK(keeps(blocks + kChildren * PAGE), 0);
    for (long pid : pids) wrong += differs("child", wait_for(pid), exited(5));
    CHECK(wrong, 0);
    CHECK(wait_for(forked), exited(0));
}
