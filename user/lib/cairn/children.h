// Processes in a test: how what a child saw comes into the proof.
//
// The proof (cairn/check.h) is the first process's alone: it knows the secret's running MAC, and there
// is one end. So a child checks nothing. It tells its parent what it saw, and the parent checks that:
//   in_child     one number, over a shared page, under a number of this run that no kernel knows, so
//                that a kernel which never ran the child cannot answer for it;
//   wait_for     the exit status, eight bits;
//   shared<T>()  memory that all see; or a pipe (cairn/pipe.h).
// A CHECK in a child ends the child with status kCheckInChild. A kernel whose fork lets both sides
// believe that they are the parent is found out by the second end of the proof.
#pragma once

#include "cairn/check.h"
#include "cairn/memory.h"
#include "cairn/process.h"

namespace cairn {

inline constexpr uint64_t kNoAnswer = 0x6e6f616e73776572;  // the child did not come to its end

inline constexpr int kNobody = 5'000'000;  // larger than a pid can be

// Memory that this process and the children made from now on see alike; zero at first.
template <typename T>
T* shared() {
    return reinterpret_cast<T*>(sys_mmap(0, sizeof(T), READ_WRITE, SHARED_ANONYMOUS, -1, 0));
}

// sys_fork, for a test: the child is told that the proof is not its own.
inline long fork_process() {
    long pid = sys_fork();
    if (pid == 0) detail::becomes_child();
    return pid;
}

// A child that calls `body` and exits with what that returns. Its pid, or an error.
template <typename Body>
long start_child(Body body) {
    long pid = fork_process();
    while (pid == 0) sys_exit_group(static_cast<int>(body()));
    return pid;
}

// Waits for this child: wait4's status, or its error.
inline long wait_for(long pid) {
    int status = -1;
    long reaped = sys_wait4(static_cast<int>(pid), &status, 0, nullptr);
    return reaped < 0 ? reaped : reaped == pid ? status : -ESRCH;
}

// What `body` returns in a child; the child is waited for. kNoAnswer if it came to another end.
template <typename Body>
uint64_t in_child(Body body) {
    struct Answer {
        volatile uint64_t number, proof;
    };
    Answer* answer = shared<Answer>();
    uint64_t key = detail::next_answer_key();
    long status = wait_for(start_child([&] {
        uint64_t number = static_cast<uint64_t>(body());
        answer->number = number;
        answer->proof = key ^ number;
        return 0;
    }));
    uint64_t number = answer->number;
    bool is_proven = status == exited(0) && answer->proof == (key ^ number);
    if (!is_proven) note("a child did not come to its end: wait status %ld", status);
    sys_munmap(reinterpret_cast<uint64_t>(answer), sizeof(Answer));
    return is_proven ? number : kNoAnswer;
}

// Waits, asleep most of the time, until another process has put `value` there.
inline void await(const volatile uint64_t& word, uint64_t value) {
    while (word != value) sleep_us(500);
}

// 1 and a remark if a call answered something else than it must: to be added up, and checked to be 0.
inline uint64_t differs(const char* what, long got, long want) {
    if (got == want) return 0;
    note("%s: %ld, not %ld", what, got, want);
    return 1;
}

// Gives up root's rights for good, as login does: from here on an ordinary user.
inline long become_user(long uid) {
    long result = system_call(__NR_setgroups, 0, 0, 0, 0, 0, 0);
    if (result == 0) result = system_call(__NR_setresgid, uid, uid, uid, 0, 0, 0);
    if (result == 0) result = system_call(__NR_setresuid, uid, uid, uid, 0, 0, 0);
    return result;
}

}  // namespace cairn

using cairn::await;
using cairn::become_user;
using cairn::differs;
using cairn::fork_process;
using cairn::in_child;
using cairn::kNobody;
using cairn::shared;
using cairn::start_child;
using cairn::wait_for;
