// What a process carries with it from fork to fork and from program to program, and the three moments that
// change it. The table of all attributes, which decides, is in carried.cc.
#pragma once
#include <cstdint>

namespace core {
struct Credentials;
struct Thread;
}  // namespace core

namespace task {

// What a process says about itself by prctl(2) and personality(2). Only the process itself changes it.
struct Carried {
    int parent_death_signal = 0;  // it gets this when its parent ends (PR_SET_PDEATHSIG)
    bool is_subreaper = false;    // orphans below it become its children (PR_SET_CHILD_SUBREAPER)
    bool gains_nothing = false;   // no program gives it more rights (PR_SET_NO_NEW_PRIVS)
    bool keeps_capabilities = false;   // PR_SET_KEEPCAPS; who is not root has none here
    bool has_executed = false;         // its parent may not change its group any more (setpgid(2))
    uint32_t personality = 0;          // PER_… and flags of <linux/personality.h>
    uint64_t timer_slack_ns = 50'000;  // how late timers may be (PR_SET_TIMERSLACK); none is here
    uint64_t usual_timer_slack_ns = 50'000;  // what 0 sets it to
};

// Effect: `child` carries what `parent`, the thread that runs, carries, as far as fork hands it on. Context:
// nobody knows the child yet.
void carry_over_fork(const core::Thread& parent, core::Thread& child);

// Effect: what the thread that runs carries is as a new program finds it. Context: it has its new memory;
// takes family_lock.
void carry_over_execve(core::Thread& thread);

// Effect: the thread that runs acts for `wanted`. If that is another user or group than before in any rights,
// what it carries changes. Context: takes family_lock.
void change_identity(core::Thread& thread, core::Credentials wanted);

}  // namespace task
