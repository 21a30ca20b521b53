// Many files looked at at once, and slept for together: what poll(2) and select(2) share.
#pragma once
#include "fs/file.h"
#include "lib/unique_ptr.h"

namespace fs {

// One place of the list: without a file, `events` stays as it is.
struct Watched {
    RefPtr<File> file;
    unsigned wanted = 0;  // POLLIN …; POLLERR and POLLHUP are told in any case
    unsigned events = 0;
    UniquePtr<sync::Waiter> first;
    UniquePtr<sync::Waiter> second;
};

class WatchList {
public:
    WatchList() = default;
    ~WatchList();
    WatchList(const WatchList&) = delete;
    WatchList& operator=(const WatchList&) = delete;

    // Effect: `count` empty places. ENOMEM. Once.
    Result<void> init(size_t count);
    size_t count() const { return count_; }
    Watched& operator[](size_t index) { return places_[index]; }

    // Effect: sleeps until a place has events, or the deadline is over; returns how many have. ENOMEM,
    // kRestartNoHandler. With the deadline 0 nobody sleeps.
    Result<size_t> wait(uint64_t deadline_ns);

private:
    static constexpr size_t kFew = 4;

    size_t look();
    Result<void> put_names_down();

    Watched few_[kFew];
    Watched* places_ = few_;
    size_t count_ = 0;
};

}  // namespace fs
