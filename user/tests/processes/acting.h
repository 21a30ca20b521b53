// Acting as another user for a while, and coming back: only the effective ids change.
#pragma once
#include "cairn/check.h"
#include "cairn/folders.h"

// What follows is done as this user, with the group of the same number, and in `group` too.
inline long act_as(unsigned user, unsigned group) {
    system_call(__NR_setresuid, -1, 0, -1, 0, 0, 0);
    system_call(__NR_setgroups, 1, (long)&group, 0, 0, 0, 0);
    long result = system_call(__NR_setresgid, -1, user, -1, 0, 0, 0);
    return result == 0 ? system_call(__NR_setresuid, -1, user, -1, 0, 0, 0) : result;
}

inline long act_as_root() { return act_as(0, 0); }
