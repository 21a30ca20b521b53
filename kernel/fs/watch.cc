// Contract: fs/watch.h.
#include "fs/watch.h"

#include <asm/poll.h>

#include <new>

#include "lib/restart.h"

namespace fs {

namespace {

Result<UniquePtr<sync::Waiter>> waiter_in(sync::WaitQueue* queue) {
    if (queue == nullptr) return UniquePtr<sync::Waiter>();
    return lib::make<sync::Waiter>(*queue);
}

}  // namespace

WatchList::~WatchList() {
    if (places_ != few_) delete[] places_;
}

Result<void> WatchList::init(size_t count) {
    if (count > kFew) {
        auto* places = new (std::nothrow) Watched[count];
        if (places == nullptr) return Errno{ENOMEM};
        places_ = places;
    }
    count_ = count;
    return {};
}

Result<size_t> WatchList::wait(uint64_t deadline_ns) {
    size_t ready = look();
    if (ready != 0 || deadline_ns == 0) return ready;
    TRY(put_names_down());
    sync::NoGuard none;
    const auto woken = sync::sleep_until(none, sync::How::kInterruptible, deadline_ns, [&] {
        ready = look();
        return ready != 0;
    });
    if (woken == sync::Woken::kInterrupted) return lib::kRestartNoHandler;
    return ready;
}

size_t WatchList::look() {
    size_t ready = 0;
    for (size_t i = 0; i < count_; i++) {
        Watched& place = places_[i];
        if (place.file) place.events = place.file->events() & (place.wanted | POLLERR | POLLHUP);
        if (place.events != 0) ready++;
    }
    return ready;
}

Result<void> WatchList::put_names_down() {
    for (size_t i = 0; i < count_; i++) {
        Watched& place = places_[i];
        if (!place.file) continue;
        const EventQueues queues = place.file->event_queues();
        place.first = TRY(waiter_in(queues.first));
        place.second = TRY(waiter_in(queues.second));
    }
    return {};
}

}  // namespace fs
