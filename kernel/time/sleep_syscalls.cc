// Sleeping for a time or until one, and the clock on the wall: nanosleep(2), clock_nanosleep(2),
// clock_settime(2), gettimeofday(2), settimeofday(2), time(2).
#include "core/clock.h"
#include "core/current.h"
#include "entry/syscall.h"
#include "lib/restart.h"
#include "mm/user_memory.h"
#include "sync/wait_queue.h"
#include "time/clocks.h"
#include "time/tick.h"

namespace time {

namespace {

constexpr uint64_t kNsPerMicrosecond = 1000;
constexpr uint64_t kNsPerTick = core::kNsPerSecond / kTicksPerSecond;

// ---- sleeping -------------------------------------------------------------------------------------------

// By which clocks one can sleep (clock_nanosleep(2)).
Result<void> check_sleeping_clock(int clock) {
    switch (clock) {
        case CLOCK_REALTIME:
        case CLOCK_MONOTONIC:
        case CLOCK_PROCESS_CPUTIME_ID:
        case CLOCK_BOOTTIME:
        case CLOCK_TAI: return {};
        case CLOCK_THREAD_CPUTIME_ID:
        case CLOCK_MONOTONIC_RAW:
        case CLOCK_REALTIME_COARSE:
        case CLOCK_MONOTONIC_COARSE:
        case CLOCK_REALTIME_ALARM:  // these two would wake the whole machine
        case CLOCK_BOOTTIME_ALARM: return Errno{EOPNOTSUPP};
        default: return Errno{EINVAL};
    }
}

// After how long a sleeper must look again, though nothing came: the clock on the wall may be set, and a
// process's own clock goes as fast as its threads make it go.
uint64_t longest_nap_ns(int clock) {
    switch (clock) {
        case CLOCK_REALTIME:
        case CLOCK_TAI: return 10 * kNsPerTick;
        case CLOCK_PROCESS_CPUTIME_ID: return kNsPerTick;
        default: return kLongestNs;
    }
}

// Effect: returns when `clock` shows `until`; kRestartNoHandler if a signal comes first.
Result<void> sleep_until(int clock, uint64_t until) {
    for (;;) {
        const uint64_t now = read_clock(clock);
        if (now >= until) return {};
        const uint64_t left = until - now;
        const uint64_t nap = left < longest_nap_ns(clock) ? left : longest_nap_ns(clock);
        sync::NoGuard nothing;
        const auto woken = sync::sleep_until(nothing, sync::How::kInterruptible,
                                             core::now_ns() + nap, [] { return false; });
        if (woken == sync::Woken::kInterrupted) return lib::kRestartNoHandler;
    }
}

// Effect: the same for a span from now on; when interrupted, what is left of it goes to `rest`.
Result<void> sleep_for(int clock, uint64_t span, mm::UserPtr<__kernel_timespec> rest) {
    const uint64_t until = read_clock(clock) + span;
    if (sleep_until(clock, until)) return {};
    const uint64_t now = read_clock(clock);
    if (!rest.is_null()) TRY(rest.write(to_timespec(until > now ? until - now : 0)));
    return lib::kRestartSameEnd;
}

Result<uint64_t> read_time(mm::UserPtr<const __kernel_timespec> user) {
    __kernel_timespec time;
    TRY(user.read_into(time));
    if (!is_valid(time)) return Errno{EINVAL};
    return to_ns(time);
}

}  // namespace

SYSCALL(nanosleep, mm::UserPtr<const __kernel_timespec> span, mm::UserPtr<__kernel_timespec> rest) {
    TRY(sleep_for(CLOCK_MONOTONIC, TRY(read_time(span)), rest));
    return 0;
}

SYSCALL(clock_nanosleep, int clock, int flags, mm::UserPtr<const __kernel_timespec> time,
        mm::UserPtr<__kernel_timespec> rest) {
    TRY(check_sleeping_clock(clock));
    const uint64_t ns = TRY(read_time(time));
    if ((flags & TIMER_ABSTIME) != 0) {
        TRY(sleep_until(clock, ns));
    } else {
        // Setting the clock on the wall does not change how long somebody sleeps (clock_nanosleep(2)).
        const bool is_cpu_clock = clock == CLOCK_PROCESS_CPUTIME_ID;
        TRY(sleep_for(is_cpu_clock ? clock : CLOCK_MONOTONIC, ns, rest));
    }
    return 0;
}

// ---- the clock on the wall ------------------------------------------------------------------------------

namespace {

struct Timeval {
    int64_t seconds, microseconds;
};

constexpr int kMostMinutesWest = 15 * 60;
constinit lib::Atomic<uint64_t> time_zone{0};  // a struct timezone, kept for whoever asks for it

// A time that can be set leaves room for thirty years of uptime.
constexpr uint64_t kLatestNs = kLongestNs - 30ull * 365 * 24 * 3600 * core::kNsPerSecond;

Result<void> check_setting(const __kernel_timespec& time) {
    if (!is_valid(time) || to_ns(time) >= kLatestNs) return Errno{EINVAL};
    if (!core::current().credentials.is_privileged()) return Errno{EPERM};
    return {};
}

// It never shows less than the time since power-on.
Result<void> set_wall_clock(const __kernel_timespec& time) {
    if (to_ns(time) < core::now_ns()) return Errno{EINVAL};
    core::set_realtime_ns(to_ns(time));
    return {};
}

}  // namespace

SYSCALL(clock_settime, int clock, mm::UserPtr<const __kernel_timespec> user) {
    if (clock != CLOCK_REALTIME) return Errno{EINVAL};
    __kernel_timespec time;
    TRY(user.read_into(time));
    TRY(check_setting(time));
    TRY(set_wall_clock(time));
    return 0;
}

SYSCALL(gettimeofday, mm::UserPtr<Timeval> result, mm::UserPtr<uint64_t> zone) {
    const uint64_t now = core::realtime_ns();
    const Timeval time = {static_cast<int64_t>(now / core::kNsPerSecond),
                          static_cast<int64_t>(now % core::kNsPerSecond / kNsPerMicrosecond)};
    if (!result.is_null()) TRY(result.write(time));
    if (!zone.is_null()) TRY(zone.write(time_zone.load()));
    return 0;
}

SYSCALL(settimeofday, mm::UserPtr<const Timeval> user, mm::UserPtr<const uint64_t> user_zone) {
    constexpr int64_t kMicroseconds = core::kNsPerSecond / kNsPerMicrosecond;
    Timeval given = {};
    uint64_t zone = 0;
    if (!user.is_null()) {
        TRY(user.read_into(given));
        if (given.microseconds < 0 || given.microseconds >= kMicroseconds) return Errno{EINVAL};
    }
    if (!user_zone.is_null()) TRY(user_zone.read_into(zone));
    const __kernel_timespec time = {given.seconds,
                                    given.microseconds * static_cast<int64_t>(kNsPerMicrosecond)};
    TRY(check_setting(time));
    if (!user_zone.is_null()) {
        const auto minutes_west = static_cast<int32_t>(zone);
        if (minutes_west > kMostMinutesWest || minutes_west < -kMostMinutesWest)
            return Errno{EINVAL};
        time_zone.store(zone);
    }
    if (!user.is_null()) TRY(set_wall_clock(time));
    return 0;
}

#ifdef __NR_time
SYSCALL(time, mm::UserPtr<int64_t> result) {
    const auto seconds = static_cast<int64_t>(core::realtime_ns() / core::kNsPerSecond);
    if (!result.is_null()) TRY(result.write(seconds));
    return seconds;
}
#endif

}  // namespace time
