// The calls about limits: prlimit64(2), getrlimit(2), setrlimit(2).
#include <linux/resource.h>

#include "core/current.h"
#include "entry/syscall.h"
#include "mm/user_memory.h"
#include "task/family.h"
#include "task/rights.h"

namespace task {

namespace {

// More descriptors than that nobody may ask for (Linux: fs.nr_open).
constexpr uint64_t kMostDescriptors = 1 << 20;

static_assert(sizeof(rlimit) == sizeof(rlimit64), "on CPUs of 64 bits both are one");

rlimit64 read_limit(const core::Process& process, unsigned resource) REQUIRES(family_lock) {
    const core::Limits::Pair& pair = process.limits.of[resource];
    return {pair.soft, pair.hard};
}

Result<void> change_limit(core::Process& process, unsigned resource, const rlimit64& wanted)
    REQUIRES(family_lock) {
    core::Limits::Pair& pair = process.limits.of[resource];
    if (wanted.rlim_cur > wanted.rlim_max) return Errno{EINVAL};
    if (resource == RLIMIT_NOFILE && wanted.rlim_max > kMostDescriptors) return Errno{EPERM};
    // Only the superuser gets back what was given up.
    const bool raises = wanted.rlim_max > pair.hard;
    if (raises && !core::current().credentials.is_privileged()) return Errno{EPERM};
    pair = {wanted.rlim_cur, wanted.rlim_max};
    return {};
}

// Effect: the limit from before, and with `wanted` the change.
Result<rlimit64> exchange_limit(core::Process& process, unsigned resource, const rlimit64* wanted) {
    sync::SpinGuard guard(family_lock);
    if (!may_touch(process, Touch::kLimit)) return Errno{EPERM};
    if (resource >= RLIM_NLIMITS) return Errno{EINVAL};
    const rlimit64 before = read_limit(process, resource);
    if (wanted != nullptr) TRY(change_limit(process, resource, *wanted));
    return before;
}

}  // namespace

// What was asked for is read before it is looked at; what was is written when all is done (Linux).
SYSCALL(prlimit64, int pid, unsigned resource, mm::UserPtr<const rlimit64> wanted,
        mm::UserPtr<rlimit64> previous) {
    rlimit64 change = {};
    if (!wanted.is_null()) TRY(wanted.read_into(change));
    const RefPtr<core::Process> process = TRY(get_process(pid));
    const rlimit64 before =
        TRY(exchange_limit(*process, resource, wanted.is_null() ? nullptr : &change));
    if (!previous.is_null()) TRY(previous.write(before));
    return 0;
}

SYSCALL(getrlimit, unsigned resource, mm::UserPtr<rlimit64> result) {
    TRY(result.write(TRY(exchange_limit(core::current_process(), resource, nullptr))));
    return 0;
}

SYSCALL(setrlimit, unsigned resource, mm::UserPtr<const rlimit64> wanted) {
    rlimit64 change;
    TRY(wanted.read_into(change));
    TRY(exchange_limit(core::current_process(), resource, &change));
    return 0;
}

}  // namespace task
