// What a process carries: everything at once, as it sees it itself.
#pragma once
#include <linux/personality.h>

#include "cairn/children.h"
#include "cairn/pipe.h"

namespace carried {

inline long prctl(int option, long argument = 0) { return sys_prctl(option, argument, 0, 0, 0); }

// prctl's answers that come through a pointer.
inline long prctl_word(int option) {
    int value = -1;
    const long result = prctl(option, reinterpret_cast<long>(&value));
    return result < 0 ? result : value;
}

inline long ask(long number, long argument = -1, long second = -1) {
    return system_call(number, argument, second, -1, 0, 0, 0);
}

struct All {
    long dumpable, gains_nothing, death_signal, is_subreaper, keeps_capabilities, slack,
        personality;
    long nice, mask, soft_files, cpus, groups, files_user;
    unsigned users[3];
    char name[16];
};

inline All look() {
    All all = {};
    all.dumpable = prctl(PR_GET_DUMPABLE);
    all.gains_nothing = prctl(PR_GET_NO_NEW_PRIVS);
    all.death_signal = prctl_word(PR_GET_PDEATHSIG);
    all.is_subreaper = prctl_word(PR_GET_CHILD_SUBREAPER);
    all.keeps_capabilities = prctl(PR_GET_KEEPCAPS);
    all.slack = prctl(PR_GET_TIMERSLACK);
    all.personality = ask(__NR_personality, 0xffffffff);
    all.nice = 20 - sys_getpriority(PRIO_PROCESS, 0);
    all.mask = ask(__NR_umask, 022);
    rlimit64 limit = {};
    system_call(__NR_prlimit64, 0, RLIMIT_NOFILE, 0, reinterpret_cast<long>(&limit), 0, 0);
    all.soft_files = static_cast<long>(limit.rlim_cur);
    sys_sched_getaffinity(0, sizeof(all.cpus), &all.cpus);
    all.groups = ask(__NR_getgroups, 0, 0);
    all.files_user = ask(__NR_setfsuid);
    system_call(__NR_getresuid, (long)&all.users[0], (long)&all.users[1], (long)&all.users[2], 0, 0,
                0);
    prctl(PR_GET_NAME, reinterpret_cast<long>(all.name));
    return all;
}

// Nothing is as a process finds it that was told nothing.
inline uint64_t set_all() {
    uint64_t wrong = differs("umask", ask(__NR_umask, 027) >= 0, true);
    wrong += differs("dumpable", prctl(PR_SET_DUMPABLE, 0), 0);
    wrong += differs("no new privileges", prctl(PR_SET_NO_NEW_PRIVS, 1), 0);
    wrong += differs("death signal", prctl(PR_SET_PDEATHSIG, SIGUSR1), 0);
    wrong += differs("subreaper", prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    wrong += differs("keep capabilities", prctl(PR_SET_KEEPCAPS, 1), 0);
    wrong += differs("slack", prctl(PR_SET_TIMERSLACK, 77777), 0);
    wrong += differs("personality", ask(__NR_personality, ADDR_NO_RANDOMIZE) >= 0, true);
    wrong += differs("nice", sys_setpriority(PRIO_PROCESS, 0, 3), 0);
    const uint64_t first = 1;
    wrong += differs("affinity", sys_sched_setaffinity(0, sizeof(first), &first), 0);
    rlimit64 limit = {100, 200};
    wrong += differs("limit", sys_prlimit(RLIMIT_NOFILE, &limit, nullptr), 0);
    const unsigned groups[] = {30, 10, 20};
    wrong += differs("groups", ask(__NR_setgroups, 3, reinterpret_cast<long>(groups)), 0);
    const char name[] = "a name";
    return wrong + differs("name", prctl(PR_SET_NAME, reinterpret_cast<long>(name)), 0);
}

// What neither fork nor execve changes.
inline uint64_t check_kept(const All& all) {
    uint64_t wrong = differs("no new privileges", all.gains_nothing, 1);
    wrong += differs("slack", all.slack, 77777);
    wrong += differs("personality", all.personality, ADDR_NO_RANDOMIZE);
    wrong += differs("nice", all.nice, 3) + differs("umask", all.mask, 027);
    wrong += differs("affinity", all.cpus, 1) + differs("limit", all.soft_files, 100);
    return wrong + differs("groups", all.groups, 3);
}

// ---- over execve: this program again, with another first argument; it tells through a pipe what it sees

inline constexpr int kTold = 60;  // the descriptor that it tells by

inline bool is_again(const char* argument) { return argument != nullptr && argument[0] == '!'; }

// Effect: this program begins anew; returns only if that failed.
inline long begin_again(int told) {
    sys_dup3(told, kTold, 0);
    char path[] = "/proc/self/exe", again[] = "!";
    char* const words[] = {path, again, nullptr};
    char* const environment[] = {nullptr};
    return sys_execve(path, words, environment);
}

}  // namespace carried
