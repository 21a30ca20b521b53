// poll(2), select(2) and their kin.
#include <asm/poll.h>
#include <linux/time_types.h>

#include "core/clock.h"
#include "entry/syscall.h"
#include "fs/caller.h"
#include "fs/watch.h"

#include "lib/restart.h"
namespace fs {

namespace {

using Timespec = __kernel_timespec;

// ---- how long ------------------------------------------------------------------------------------------

// Times that do not fit into 64 bits of nanoseconds are for ever.
uint64_t deadline_after(uint64_t seconds, uint64_t ns) {
    if (seconds == 0 && ns == 0) return 0;
    uint64_t deadline;
    if (__builtin_mul_overflow(seconds, core::kNsPerSecond, &deadline) ||
        __builtin_add_overflow(deadline, ns + core::now_ns(), &deadline)) {
        return sync::kNoDeadline;
    }
    return deadline;
}

Result<uint64_t> deadline_of(mm::UserPtr<Timespec> timeout) {
    if (timeout.is_null()) return sync::kNoDeadline;
    Timespec time;
    TRY(timeout.read_into(time));
    const bool is_time = time.tv_sec >= 0 && time.tv_nsec >= 0 &&
                         static_cast<uint64_t>(time.tv_nsec) < core::kNsPerSecond;
    if (!is_time) return Errno{EINVAL};
    return deadline_after(static_cast<uint64_t>(time.tv_sec), static_cast<uint64_t>(time.tv_nsec));
}

uint64_t left_until(uint64_t deadline) {
    const uint64_t now = core::now_ns();
    return deadline > now ? deadline - now : 0;
}

// Effect: the program's timeout says what is left of it, as Linux does. A place that cannot be written is no
// error: the answer counts.
void tell_time_left(mm::UserPtr<Timespec> timeout, uint64_t deadline) {
    if (timeout.is_null() || deadline == sync::kNoDeadline) return;
    const uint64_t left = left_until(deadline);
    static_cast<void>(timeout.write({static_cast<long long>(left / core::kNsPerSecond),
                                     static_cast<long long>(left % core::kNsPerSecond)}));
}

// A mask for the time of the call: lab signals gives it an effect.
Result<void> check_mask(uint64_t mask, size_t size) {
    if (mask == 0) return {};
    uint64_t signals;
    if (size != sizeof(signals)) return Errno{EINVAL};
    return mm::UserPtr<uint64_t>(mask).read_into(signals);
}

// ---- poll ----------------------------------------------------------------------------------------------

mm::UserPtr<pollfd> place_of(mm::UserBuffer places, size_t index) {
    return mm::UserPtr<pollfd>(static_cast<uint64_t>(places.address()) + index * sizeof(pollfd));
}

// What poll(2) says of a number that leads nowhere; negative ones are left out.
void watch(Watched& place, const pollfd& wanted) {
    if (wanted.fd < 0) return;
    auto file = open_file(wanted.fd);
    if (file) {
        place.file = file.take();
    } else {
        place.events = POLLNVAL;
    }
    place.wanted = static_cast<uint16_t>(wanted.events);
}

Result<long> poll_until(mm::UserBuffer places, unsigned count, uint64_t deadline) {
    if (count > descriptor_limit()) return Errno{EINVAL};
    WatchList list;
    TRY(list.init(count));
    for (unsigned i = 0; i < count; i++) {
        pollfd wanted;
        TRY(place_of(places, i).read_into(wanted));
        watch(list[i], wanted);
    }
    const size_t ready = TRY(list.wait(deadline));
    for (unsigned i = 0; i < count; i++) {
        const auto events = static_cast<uint16_t>(list[i].events);
        const uint64_t place = static_cast<uint64_t>(place_of(places, i).address());
        TRY(mm::UserPtr<uint16_t>(place + offsetof(pollfd, revents)).write(events));
    }
    return static_cast<long>(ready);
}

// ---- select --------------------------------------------------------------------------------------------

// The three sets of select(2), and what is reported in each.
constexpr unsigned kEventsOfSet[] = {POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR,
                                     POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR, POLLPRI};
constexpr unsigned kSets = 3;
constexpr unsigned kBits = 64;

struct FdSets {
    uint64_t sets[kSets];  // addresses in the program, or 0

    // Effect: the words with the bits of descriptors index * 64 and on; a set that there is not is empty.
    Result<void> read(size_t index, uint64_t (&words)[kSets]) const {
        for (unsigned set = 0; set < kSets; set++) {
            words[set] = 0;
            if (sets[set] == 0) continue;
            TRY(mm::UserPtr<uint64_t>(sets[set] + index * 8).read_into(words[set]));
        }
        return {};
    }
    Result<void> write(size_t index, const uint64_t (&words)[kSets]) const {
        for (unsigned set = 0; set < kSets; set++) {
            if (sets[set] == 0) continue;
            TRY(mm::UserPtr<uint64_t>(sets[set] + index * 8).write(words[set]));
        }
        return {};
    }
};

unsigned events_wanted(const uint64_t (&words)[kSets], unsigned bit) {
    unsigned wanted = 0;
    for (unsigned set = 0; set < kSets; set++) {
        if ((words[set] >> bit & 1) != 0) wanted |= kEventsOfSet[set];
    }
    return wanted;
}

Result<void> watch_sets(WatchList& list, const FdSets& sets) {
    uint64_t words[kSets] = {};
    for (size_t fd = 0; fd < list.count(); fd++) {
        if (fd % kBits == 0) TRY(sets.read(fd / kBits, words));
        list[fd].wanted = events_wanted(words, fd % kBits);
        if (list[fd].wanted != 0) list[fd].file = TRY(open_file(static_cast<int>(fd)));
    }
    return {};
}

// Effect: the bits that were asked for and are so, back to the program; returns how many. Which set asked
// is still written there.
Result<long> report_sets(WatchList& list, const FdSets& sets) {
    long count = 0;
    for (size_t first = 0; first < list.count(); first += kBits) {
        uint64_t words[kSets];
        uint64_t found[kSets] = {};
        TRY(sets.read(first / kBits, words));
        for (size_t fd = first; fd < list.count() && fd < first + kBits; fd++) {
            for (unsigned set = 0; set < kSets; set++) {
                const uint64_t bit = words[set] & uint64_t{1} << (fd - first);
                if (bit == 0 || (list[fd].events & kEventsOfSet[set]) == 0) continue;
                found[set] |= bit;
                count++;
            }
        }
        TRY(sets.write(first / kBits, found));
    }
    return count;
}

Result<long> select_until(int count, const FdSets& sets, uint64_t deadline) {
    if (count < 0) return Errno{EINVAL};
    const auto places = static_cast<uint64_t>(count);
    WatchList list;
    TRY(list.init(places < descriptor_limit() ? places : descriptor_limit()));
    TRY(watch_sets(list, sets));
    TRY(list.wait(deadline));
    return report_sets(list, sets);
}

}  // namespace

SYSCALL(ppoll, mm::UserBuffer places, unsigned count, mm::UserPtr<Timespec> timeout, uint64_t mask,
        size_t mask_size) {
    const uint64_t deadline = TRY(deadline_of(timeout));
    TRY(check_mask(mask, mask_size));
    const auto result = poll_until(places, count, deadline);
    tell_time_left(timeout, deadline);
    return result;
}

// The last argument is a place with a mask's address and size (pselect(2), "C library/kernel differences").
SYSCALL(pselect6, int count, uint64_t in, uint64_t out, uint64_t exceptional,
        mm::UserPtr<Timespec> timeout, mm::UserPtr<uint64_t[2]> mask) {
    uint64_t words[2] = {};
    if (!mask.is_null()) TRY(mask.read_into(words));
    const uint64_t deadline = TRY(deadline_of(timeout));
    TRY(check_mask(words[0], words[1]));
    const auto result = select_until(count, {{in, out, exceptional}}, deadline);
    tell_time_left(timeout, deadline);
    return result;
}

// Calls that only older CPUs have.
#ifdef __NR_poll
SYSCALL(poll, mm::UserBuffer places, unsigned count, int timeout_ms) {
    const auto ms = static_cast<uint64_t>(timeout_ms);
    const auto result = poll_until(
        places, count,
        timeout_ms < 0 ? sync::kNoDeadline : deadline_after(ms / 1000, ms % 1000 * 1'000'000));
    // Its time is a span, so what goes on must keep the end.
    if (!result && result.error() == lib::kRestartNoHandler) return lib::kRestartSameEnd;
    return result;
}
#endif
#ifdef __NR_select
SYSCALL(select, int count, uint64_t in, uint64_t out, uint64_t exceptional,
        mm::UserPtr<__kernel_old_timeval> timeout) {
    uint64_t deadline = sync::kNoDeadline;
    __kernel_old_timeval time;
    if (!timeout.is_null()) {
        TRY(timeout.read_into(time));
        if (time.tv_sec < 0 || time.tv_usec < 0) return Errno{EINVAL};
        const auto us = static_cast<uint64_t>(time.tv_usec);
        deadline = deadline_after(static_cast<uint64_t>(time.tv_sec) + us / 1'000'000,
                                  us % 1'000'000 * 1000);
    }
    const auto result = select_until(count, {{in, out, exceptional}}, deadline);
    if (deadline != sync::kNoDeadline) {
        const uint64_t us = left_until(deadline) / 1000;
        static_cast<void>(
            timeout.write({static_cast<long>(us / 1'000'000), static_cast<long>(us % 1'000'000)}));
    }
    return result;
}
#endif

}  // namespace fs
