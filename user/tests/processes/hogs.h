// Processes that only compute, on one CPU, and how much of it each was given.
#pragma once

#include "cairn/children.h"

namespace hogs {

struct Share {
    uint64_t rounds;  // of a loop
    int64_t used_us;  // by the kernel's account
};

inline long on_one_cpu() {
    uint64_t first = 1;
    return sys_sched_setaffinity(0, sizeof first, &first);
}

// Runs two hogs with these nice values for `us` and kills them.
inline void compete(int first_nice, int second_nice, int64_t us, Share (&shares)[2]) {
    auto* rounds = shared<volatile uint64_t[3]>();
    long pids[2];
    for (int i = 0; i < 2; i++) {
        pids[i] = start_child([=] {
            sys_setpriority(PRIO_PROCESS, 0, i == 0 ? first_nice : second_nice);
            while ((*rounds)[2] == 0) sys_sched_yield();
            for (;;) (*rounds)[i] = (*rounds)[i] + 1;
            return 0;
        });
    }
    sleep_us(20'000);
    (*rounds)[2] = 1;
    sleep_us(us);
    for (long pid : pids) sys_kill(static_cast<int>(pid), SIGKILL);
    for (int i = 0; i < 2; i++) {
        rusage usage = {};
        sys_wait4(static_cast<int>(pids[i]), nullptr, 0, &usage);
        shares[i] = {(*rounds)[i], cpu_us(&usage)};
        note("hog %d: %lu rounds, %ld us", i, shares[i].rounds, shares[i].used_us);
    }
}

}  // namespace hogs
