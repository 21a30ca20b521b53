// Contract: task/carried.h. The table below says of every attribute of a process what fork(2), execve(2)
// and a change of identity (credentials(7)) make of it, as Linux does; what one of them has no function
// for, it hands on or keeps as it was.
//
// Some attributes are handed on where they live, by these rules:
//
//     attribute                  fork                         execve                       other identity
//     user and group numbers     copied (fork.cc)             saved, files' := effective   the change itself
//     supplementary groups       shared, for they never       kept                         kept
//                                change (fork.cc)
//     limits                     copied (new_child.cc)        kept                         kept
//     nice, policy               copied, or usual again:      kept                         kept
//                                reset-on-fork (schedule.cc)
//     CPUs (affinity)            copied (schedule.cc)         kept                         kept
//     name                       copied (fork.cc)             the program's (exit.cc)      kept
//     set-tid, clear-tid words   as asked for (fork.cc)       cleared in the old memory    kept
//                                                             (exit.cc, clear_child_tid)
//     group, session             the parent's (family.cc)     kept                         kept
//     umask, root, directory     copied, or shared by         kept                         kept
//                                CLONE_FS (fs/sharing.cc)
//     descriptors                copied, or shared by         an own table, without those  kept
//                                CLONE_FILES (fs/sharing.cc)  that close on execve
//     blocked signals            copied (signal)              kept                         kept
//     pending signals            none                         kept                         kept
//     actions of signals         copied, or shared by         an own copy, without         kept
//                                CLONE_SIGHAND (signal)       handlers (signal)
//     times, counts of faults    none                         kept                         kept
#include "task/carried.h"

#include <asm/signal.h>
#include <linux/personality.h>

#include "core/process.h"
#include "core/thread.h"
#include "mm/door.h"
#include "task/family.h"

namespace task {

namespace {

using Action = void (*)(core::Thread& thread);
constexpr Action kSame = nullptr;

struct Attribute {
    const char* name;
    Action at_fork;  // the child's; it carries what its parent does
    Action at_execve;
    Action at_identity;
};

// Whether whoever started a program lends it no rights of somebody else's (Linux: secureexec).
bool acts_for_itself(const core::Thread& thread) {
    const core::Credentials& who = thread.credentials;
    return who.uid == who.euid && who.gid == who.egid;
}

void dump_if_for_itself(core::Thread& thread) { mm::set_dumpable(thread, acts_for_itself(thread)); }
void never_dump(core::Thread& thread) { mm::set_dumpable(thread, false); }

Carried& carried(core::Thread& thread) { return thread.process->task; }
void no_death_signal(core::Thread& thread) { carried(thread).parent_death_signal = 0; }
void die_with_parent_if_for_itself(core::Thread& thread) {
    if (!acts_for_itself(thread)) no_death_signal(thread);
}
void usual_stack_if_for_another(core::Thread& thread) {
    constexpr uint64_t kUsual = core::Limits().of[RLIMIT_STACK].soft;
    uint64_t& limit = thread.process->limits.of[RLIMIT_STACK].soft;
    if (!acts_for_itself(thread) && limit > kUsual) limit = kUsual;
}
void no_subreaper(core::Thread& thread) { carried(thread).is_subreaper = false; }
void keep_no_capabilities(core::Thread& thread) { carried(thread).keeps_capabilities = false; }
void begin_with_slack(core::Thread& thread) {
    carried(thread).usual_timer_slack_ns = carried(thread).timer_slack_ns;
}
void keep_flags(core::Thread& thread) {
    carried(thread).personality &= ~uint32_t{READ_IMPLIES_EXEC};
}
void has_not_executed(core::Thread& thread) { carried(thread).has_executed = false; }
void has_executed(core::Thread& thread) { carried(thread).has_executed = true; }
// clone(2) says which one a child has (new_child.cc).
void tell_end_as_usual(core::Thread& thread) { thread.process->task.exit_signal = SIGCHLD; }

// clang-format off
constexpr Attribute kAttributes[] = {
    // name                 fork              execve                         other identity
    {"dumpable",            kSame,            dump_if_for_itself,            never_dump},  // its memory's
    {"no new privileges",   kSame,            kSame,                         kSame},
    {"parent death signal", no_death_signal,  die_with_parent_if_for_itself, no_death_signal},
    {"subreaper",           no_subreaper,     kSame,                         kSame},
    {"keep capabilities",   kSame,            keep_no_capabilities,          kSame},
    {"timer slack",         begin_with_slack, kSame,                         kSame},
    {"personality",         kSame,            keep_flags,                    kSame},
    {"stack limit",         kSame,            usual_stack_if_for_another,    kSame},
    {"has executed",        has_not_executed, has_executed,                  kSame},
    {"exit signal",         kSame,            tell_end_as_usual,             kSame},
};
// clang-format on

void apply(Action Attribute::*moment, core::Thread& thread) {
    for (const Attribute& attribute : kAttributes) {
        if (const Action action = attribute.*moment) action(thread);
    }
}

// Whether permissions are checked against someone else; the real and the saved numbers only say what a
// thread may become.
bool acts_for_another(const core::Credentials& one, const core::Credentials& other) {
    return one.euid != other.euid || one.egid != other.egid || one.fsuid != other.fsuid ||
           one.fsgid != other.fsgid;
}

// Effect: returns who it was before, for the caller to drop without the lock.
core::Credentials exchange_identity(core::Thread& thread, core::Credentials wanted)
    REQUIRES(family_lock) {
    std::swap(thread.credentials, wanted);
    if (acts_for_another(thread.credentials, wanted)) apply(&Attribute::at_identity, thread);
    return wanted;
}

}  // namespace

void carry_over_fork(const core::Thread& parent, core::Thread& child) {
    carried(child) = parent.process->task;
    apply(&Attribute::at_fork, child);
}

void carry_over_execve(core::Thread& thread) {
    core::Credentials who = thread.credentials;
    who.suid = who.fsuid = who.euid;
    who.sgid = who.fsgid = who.egid;
    sync::SpinGuard guard(family_lock);
    apply(&Attribute::at_execve, thread);
    who = exchange_identity(thread, std::move(who));
}

void change_identity(core::Thread& thread, core::Credentials wanted) {
    sync::SpinGuard guard(family_lock);
    wanted = exchange_identity(thread, std::move(wanted));
}

}  // namespace task
