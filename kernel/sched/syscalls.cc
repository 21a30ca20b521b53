// sched(7): the plain policies, and which CPUs a thread may run on.
//
// All plain threads share by weight (run_queue.h). SCHED_BATCH asks for nothing else here; SCHED_IDLE
// weighs next to nothing. Real-time and deadline threads would go before all others: nobody may have
// them, not even the superuser, as on a Linux whose groups were given no real-time.
#include <linux/sched.h>
#include <linux/sched/types.h>
#include <linux/time_types.h>

#include "abi/sched.h"
#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "core/clock.h"
#include "core/current.h"
#include "entry/syscall.h"
#include "mm/growing_struct.h"
#include "mm/shootdown.h"
#include "sched/schedule.h"
#include "sched/scheduler.h"
#include "task/family.h"
#include "time/tick.h"

namespace sched {

namespace {

constexpr int kKeepPolicy = -1;
constexpr unsigned kMostPriority = 99;

// What sched_setattr(2) can say, as far as plain policies have it.
struct Wish {
    int policy = kKeepPolicy;
    bool reset_on_fork = false;
    unsigned priority = 0;
    bool sets_nice = false;
    int nice = 0;
};

constexpr bool is_real_time(int policy) { return policy == SCHED_FIFO || policy == SCHED_RR; }
constexpr bool is_plain(int policy) {
    return policy == SCHED_NORMAL || policy == SCHED_BATCH || policy == SCHED_IDLE;
}

// Effect: calls visit(thread) with the thread of this tid, 0 being the caller's. ESRCH: there is none, or it
// has ended.
template <typename Visit>
Result<void> with_thread(int tid, Visit visit) {
    sync::SpinGuard guard(task::family_lock);
    core::Thread* thread = task::thread_asked_for(tid);
    if (thread == nullptr) return Errno{ESRCH};
    return visit(*thread);
}

Result<void> check_wish(const Wish& wish, int policy) {
    if (!is_plain(policy) && !is_real_time(policy) && policy != SCHED_DEADLINE)
        return Errno{EINVAL};
    if (wish.priority > kMostPriority) return Errno{EINVAL};
    if (is_real_time(policy) != (wish.priority != 0)) return Errno{EINVAL};
    if (!is_plain(policy)) return Errno{EPERM};
    return {};
}

// What only the superuser may: to be nicer to oneself, to leave SCHED_IDLE, to undo reset-on-fork.
Result<void> check_rights(const core::Thread& thread, const Wish& wish, int policy)
    REQUIRES(task::family_lock) {
    if (core::current().credentials.is_privileged()) return {};
    const ThreadPart& part = thread.sched;
    const bool leaves_idle = part.policy == SCHED_IDLE && policy != SCHED_IDLE;
    const bool gets_more = wish.sets_nice && wish.nice < part.nice;
    const int wanted = wish.sets_nice ? wish.nice : part.nice;
    if ((leaves_idle || gets_more) && !may_have_nice(thread, wanted)) return Errno{EPERM};
    if (!may_schedule(thread)) return Errno{EPERM};
    if (part.resets_on_fork && !wish.reset_on_fork) return Errno{EPERM};
    return {};
}

Result<void> set_scheduler(int pid, Wish wish) {
    return with_thread(pid, [&](core::Thread& thread) REQUIRES(task::family_lock) -> Result<void> {
        const bool keeps = wish.policy == kKeepPolicy;
        const int policy = keeps ? thread.sched.policy : wish.policy;
        if (keeps) wish.reset_on_fork |= thread.sched.resets_on_fork;
        TRY(check_wish(wish, policy));
        TRY(check_rights(thread, wish, policy));
        thread.sched.resets_on_fork = wish.reset_on_fork;
        set_policy(thread, policy);
        if (wish.sets_nice) set_nice(thread, wish.nice);
        return {};
    });
}

Result<Wish> wish_of(const sched_attr& attributes, uint64_t flags) {
    if ((flags & ~uint64_t{SCHED_FLAG_ALL}) != 0) return Errno{EINVAL};
    // No CPU here can be clamped, and no deadline be overrun.
    if ((flags & SCHED_FLAG_UTIL_CLAMP) != 0) return Errno{EOPNOTSUPP};
    Wish wish;
    wish.reset_on_fork = (flags & SCHED_FLAG_RESET_ON_FORK) != 0;
    if ((flags & SCHED_FLAG_KEEP_POLICY) == 0)
        wish.policy = static_cast<int>(attributes.sched_policy);
    if ((flags & SCHED_FLAG_KEEP_PARAMS) != 0) return wish;
    wish.priority = attributes.sched_priority;
    wish.sets_nice = true;
    wish.nice = nearest_nice(attributes.sched_nice);
    return wish;
}

}  // namespace

SYSCALL(sched_yield) {
    yield();
    return 0;
}

SYSCALL(sched_setscheduler, int pid, int policy, mm::UserPtr<abi::SchedParam> param) {
    if (policy < 0 || pid < 0 || param.is_null()) return Errno{EINVAL};
    abi::SchedParam wanted;
    TRY(param.read_into(wanted));
    Wish wish;
    wish.policy = policy & ~SCHED_RESET_ON_FORK;
    wish.reset_on_fork = (policy & SCHED_RESET_ON_FORK) != 0;
    wish.priority = static_cast<unsigned>(wanted.sched_priority);
    TRY(set_scheduler(pid, wish));
    return 0;
}

SYSCALL(sched_setparam, int pid, mm::UserPtr<abi::SchedParam> param) {
    if (pid < 0 || param.is_null()) return Errno{EINVAL};
    abi::SchedParam wanted;
    TRY(param.read_into(wanted));
    Wish wish;
    wish.priority = static_cast<unsigned>(wanted.sched_priority);
    TRY(set_scheduler(pid, wish));
    return 0;
}

SYSCALL(sched_getscheduler, int pid) {
    if (pid < 0) return Errno{EINVAL};
    int policy = 0;
    TRY(with_thread(pid, [&](core::Thread& thread) -> Result<void> {
        policy = thread.sched.policy | (thread.sched.resets_on_fork ? SCHED_RESET_ON_FORK : 0);
        return {};
    }));
    return policy;
}

// Plain policies have the priority 0.
SYSCALL(sched_getparam, int pid, mm::UserPtr<abi::SchedParam> param) {
    if (pid < 0 || param.is_null()) return Errno{EINVAL};
    TRY(with_thread(pid, [](core::Thread&) -> Result<void> { return {}; }));
    TRY(param.write(abi::SchedParam{}));
    return 0;
}

// A program that knows less than 48 bytes of the struct is told in it how many there are.
SYSCALL(sched_setattr, int pid, mm::UserPtr<sched_attr> place, unsigned flags) {
    if (pid < 0 || place.is_null() || flags != 0) return Errno{EINVAL};
    const mm::UserPtr<uint32_t> known(static_cast<uint64_t>(place.address()));
    uint32_t size;
    TRY(known.read_into(size));
    if (size == 0) size = SCHED_ATTR_SIZE_VER0;
    sched_attr attributes;
    Result<void> read = Errno{E2BIG};
    if (size >= SCHED_ATTR_SIZE_VER0 && size <= arch::kPageSize) {
        read = mm::read_growing(mm::UserBuffer(static_cast<uint64_t>(place.address())), size,
                                attributes);
    }
    if (!read && read.error() == Errno{E2BIG}) TRY(known.write(sizeof(attributes)));
    TRY(read);
    if ((attributes.sched_flags & SCHED_FLAG_KEEP_POLICY) == 0 &&
        static_cast<int>(attributes.sched_policy) < 0) {
        return Errno{EINVAL};
    }
    TRY(set_scheduler(pid, TRY(wish_of(attributes, attributes.sched_flags))));
    return 0;
}

SYSCALL(sched_getattr, int pid, mm::UserBuffer place, unsigned size, unsigned flags) {
    if (place.address() == mm::UserAddr{0} || pid < 0 || flags != 0) return Errno{EINVAL};
    if (size > arch::kPageSize || size < SCHED_ATTR_SIZE_VER0) return Errno{EINVAL};
    sched_attr attributes = {};
    attributes.size = size < sizeof(attributes) ? size : sizeof(attributes);
    TRY(with_thread(pid, [&](core::Thread& thread) -> Result<void> {
        attributes.sched_policy = static_cast<uint32_t>(thread.sched.policy);
        attributes.sched_flags = thread.sched.resets_on_fork ? SCHED_FLAG_RESET_ON_FORK : 0;
        attributes.sched_nice = thread.sched.nice;
        return {};
    }));
    TRY(place.write_from({reinterpret_cast<const uint8_t*>(&attributes), attributes.size}, 0));
    return 0;
}

SYSCALL(sched_get_priority_max, int policy) {
    if (is_real_time(policy)) return kMostPriority;
    if (is_plain(policy) || policy == SCHED_DEADLINE) return 0;
    return Errno{EINVAL};
}

SYSCALL(sched_get_priority_min, int policy) {
    if (is_real_time(policy)) return 1;
    if (is_plain(policy) || policy == SCHED_DEADLINE) return 0;
    return Errno{EINVAL};
}

// How long a turn lasts while others wait: until the next tick.
SYSCALL(sched_rr_get_interval, int pid, mm::UserPtr<__kernel_timespec> result) {
    if (pid < 0) return Errno{EINVAL};
    TRY(with_thread(pid, [](core::Thread&) -> Result<void> { return {}; }));
    TRY(result.write({0, core::kNsPerSecond / time::kTicksPerSecond}));
    return 0;
}

// ---- CPUs ----

// The mask may be shorter than a CpuSet, or longer: what is missing is zero, CPUs that there are not are
// left out.
SYSCALL(sched_setaffinity, int pid, unsigned size, mm::UserBuffer mask) {
    uint8_t bytes[sizeof(uint64_t)] = {};
    const size_t common = size < sizeof(bytes) ? size : sizeof(bytes);
    TRY(mask.read_into({bytes, common}, 0));
    const CpuSet wanted =
        static_cast<CpuSet>(__builtin_bit_cast(uint64_t, bytes)) & mm::online_cpus();
    TRY(with_thread(pid, [&](core::Thread& thread) REQUIRES(task::family_lock) -> Result<void> {
        if (!may_schedule(thread)) return Errno{EPERM};
        if (wanted == 0) return Errno{EINVAL};
        set_affinity(thread, wanted);
        return {};
    }));
    return 0;
}

// Returns how many bytes the kernel's mask has, as Linux's call does (glibc's wrapper returns 0).
SYSCALL(sched_getaffinity, int pid, unsigned size, mm::UserBuffer mask) {
    uint64_t cpus = 0;
    if (uint64_t{size} * 8 < static_cast<uint64_t>(arch::cpu_count()) || size % sizeof(cpus) != 0)
        return Errno{EINVAL};
    TRY(with_thread(pid, [&](core::Thread& thread) -> Result<void> {
        cpus = thread.sched.affinity.load() & mm::online_cpus();
        return {};
    }));
    TRY(mask.write_from({reinterpret_cast<const uint8_t*>(&cpus), sizeof(cpus)}, 0));
    return sizeof(cpus);
}

// getcpu(2): true when it was asked. There is one memory node; the third argument has had no meaning
// since Linux 2.6.24.
SYSCALL(getcpu, mm::UserPtr<uint32_t> cpu, mm::UserPtr<uint32_t> node, uint64_t) {
    const uint32_t index = arch::this_cpu()->index;
    if (!cpu.is_null()) TRY(cpu.write(index));
    if (!node.is_null()) TRY(node.write(0));
    return 0;
}

}  // namespace sched
