// What lab processes keeps in each process: its number, its place among the others, and what is left to
// say of it when it has ended. Part of core::Process (through task/door.h); the functions are in family.h.
//
//     new ──► alive ──► zombie ──► reaped        A zombie keeps its pid until its parent has asked how
//         fork      exit       wait              it ended (wait(2)), its group and session just as long.
//
// All of it is guarded by family_lock (family.h), unless a line says otherwise.
#pragma once
#include <cstddef>
#include <cstdint>

#include "lib/list.h"
#include "sync/wait_queue.h"
#include "task/carried.h"

namespace core {
struct Process;
struct Thread;
}  // namespace core

namespace task {

struct PidEntry;  // pids.h

// What a process has used up (getrusage(2)).
struct Usage {
    uint64_t user_ns = 0, system_ns = 0;
    uint64_t voluntary_switches = 0, involuntary_switches = 0;
    uint64_t minor_faults = 0, major_faults = 0;
    uint64_t most_memory_kib = 0;  // of one process: the largest counts, not the sum

    void add(const Usage& other) {
        user_ns += other.user_ns;
        system_ns += other.system_ns;
        voluntary_switches += other.voluntary_switches;
        involuntary_switches += other.involuntary_switches;
        minor_faults += other.minor_faults;
        major_faults += other.major_faults;
        if (other.most_memory_kib > most_memory_kib) most_memory_kib = other.most_memory_kib;
    }
};

// What a thread has of its own beside what the scheduler keeps (ThreadPart::life). Only the
// thread itself changes it.
struct ThreadLife {
    static constexpr size_t kNameBytes = 16;  // TASK_COMM_LEN

    uint64_t set_child_tid =
        0;  // where it tells its tid when it begins (CLONE_CHILD_SETTID); 0: nowhere
    uint64_t clear_child_tid = 0;  // where its end is told (set_tid_address(2)); 0: nowhere
    char name[kNameBytes] = {};    // PR_SET_NAME, execve
};

// What the lives of processes keep in a thread.
struct ThreadPart {
    ThreadLife life;
    core::Thread* thread = nullptr;  // whose part this is; does not change
    PidEntry* tid = nullptr;         // its number, until it has ended
    ListNode process_link;           // among the threads of its process
};

enum class ProcessState : uint8_t { kNew, kAlive, kZombie, kReaped };

struct ProcessPart : Carried {
    core::Process* process = nullptr;  // whose part this is; does not change
    List<ThreadPart, &ThreadPart::process_link>
        threads;                     // all that have not ended; only then are they freed
    core::Thread* thread = nullptr;  // one of them, to ask; none once all have ended
    unsigned live = 0;               // threads that have not begun to end
    ProcessState state = ProcessState::kNew;

    // Numbers that are in use as long as somebody refers to them; none of them once it is reaped.
    PidEntry* pid = nullptr;
    PidEntry* group = nullptr;
    PidEntry* session = nullptr;
    ListNode group_link;  // among the members of the group

    ProcessPart* parent = nullptr;  // none: the first process, or one that nobody waits for
    ListNode sibling_link;          // in one of its parent's two lists
    List<ProcessPart, &ProcessPart::sibling_link> children;  // alive
    List<ProcessPart, &ProcessPart::sibling_link> zombies;   // in the order in which they ended
    sync::WaitQueue children_changed;  // the parent waits here for a child's end (wait(2))
    sync::WaitQueue changed;  // for its own end (pidfd), and for its memory (vfork's parent)

    uint64_t started_ns = 0;  // when it entered the family (core/clock.h)
    int exit_signal = 0;      // what its parent gets when it ends; 0: nothing
    bool is_claimed = false;  // a zombie that somebody is about to reap
    int status = 0;           // of a zombie, as wait(2) encodes it
    bool borrows_memory =
        false;             // its parent waits in vfork(2) until this process needs it no more
    int nice = 0;          // its thread's, as the name below
    char name[16] = {};    // its thread's, once that has ended (ThreadLife)
    Usage used;            // by threads that have ended
    Usage used_by_reaped;  // by children that were waited for, and by theirs
};

}  // namespace task
