// Stand-in for lab processes: the calls about limits, for the one process that there is.
#include <linux/resource.h>

#include "core/current.h"
#include "entry/syscall.h"
#include "mm/user_memory.h"

namespace task {

namespace {

// More descriptors than that nobody may ask for (Linux: fs.nr_open).
constexpr uint64_t kMostDescriptors = 1 << 20;

static_assert(sizeof(rlimit) == sizeof(rlimit64), "on CPUs of 64 bits both are one");

rlimit64 read_limit(unsigned resource) {
    const core::Limits::Pair& pair = core::current_process().limits.of[resource];
    return {pair.soft, pair.hard};
}

Result<void> change_limit(unsigned resource, const rlimit64& wanted) {
    if (wanted.rlim_cur > wanted.rlim_max) return Errno{EINVAL};
    if (resource == RLIMIT_NOFILE && wanted.rlim_max > kMostDescriptors) return Errno{EPERM};
    core::current_process().limits.of[resource] = {wanted.rlim_cur, wanted.rlim_max};
    return {};
}

}  // namespace

// What was asked for is read before it is looked at; what was is written when all is done (Linux).
SYSCALL(prlimit64, int pid, unsigned resource, mm::UserPtr<const rlimit64> wanted,
        mm::UserPtr<rlimit64> previous) {
    rlimit64 change = {};
    if (!wanted.is_null()) TRY(wanted.read_into(change));
    if (pid != 0 && pid != core::current_process().pid) return Errno{ESRCH};
    if (resource >= RLIM_NLIMITS) return Errno{EINVAL};
    const rlimit64 before = read_limit(resource);
    if (!wanted.is_null()) TRY(change_limit(resource, change));
    if (!previous.is_null()) TRY(previous.write(before));
    return 0;
}

SYSCALL(getrlimit, unsigned resource, mm::UserPtr<rlimit64> result) {
    if (resource >= RLIM_NLIMITS) return Errno{EINVAL};
    TRY(result.write(read_limit(resource)));
    return 0;
}

SYSCALL(setrlimit, unsigned resource, mm::UserPtr<const rlimit64> wanted) {
    rlimit64 change;
    TRY(wanted.read_into(change));
    if (resource >= RLIM_NLIMITS) return Errno{EINVAL};
    TRY(change_limit(resource, change));
    return 0;
}

}  // namespace task
