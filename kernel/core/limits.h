// Resource limits (getrlimit(2)): the numbers; who is bound by one looks it up here.
#pragma once
#include <linux/resource.h>

#include <cstdint>

namespace core {

struct Limits {
    struct Pair {
        uint64_t soft = RLIM64_INFINITY;
        uint64_t hard = RLIM64_INFINITY;
    };

    // Effect: what Linux gives to its first process, where it is not without limit.
    constexpr Limits() {
        of[RLIMIT_STACK].soft = 8 << 20;
        of[RLIMIT_CORE].soft = 0;
        of[RLIMIT_NOFILE] = {1024, 4096};
        of[RLIMIT_MEMLOCK] = {8 << 20, 8 << 20};
        of[RLIMIT_MSGQUEUE] = {819200, 819200};
        of[RLIMIT_NICE] = {0, 0};
        of[RLIMIT_RTPRIO] = {0, 0};
    }

    constexpr uint64_t soft(unsigned resource) const { return of[resource].soft; }

    Pair of[RLIM_NLIMITS];
};

}  // namespace core
