// Nice values: from -20, who goes before others, to 19 (sched(7)).
#pragma once
#include "core/thread.h"

namespace task {

inline constexpr int kNicest = 19, kLeastNice = -20;

constexpr int nearest_nice(int nice) {
    return nice < kLeastNice ? kLeastNice : nice > kNicest ? kNicest : nice;
}

// Whether the caller may give `thread` this nice value: the superuser any, others what RLIMIT_NICE allows
// (getrlimit(2): 20 minus the least value), or no less than it has.
bool may_have_nice(const core::Thread& thread, int nice);

}  // namespace task
