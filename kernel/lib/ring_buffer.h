// A queue of fixed size between ONE producer and ONE consumer, for instance an interrupt handler
// that receives characters and the thread that reads them. No lock: each side writes one index.
#pragma once

#include "lib/atomic.h"
#include <cstddef>

namespace lib {

template <typename T, std::size_t kCapacity>
class RingBuffer {
    static_assert(kCapacity != 0 && (kCapacity & (kCapacity - 1)) == 0,
                  "a power of two, so that the indices may wrap");

 public:
    // Producer only. Returns false, and drops the item, if the queue is full.
    [[nodiscard]] bool push(const T& item) {
        const std::size_t written = written_.load(lib::Order::kRelaxed);
        if (written - read_.load(lib::Order::kAcquire) == kCapacity) {
            return false;
        }
        items_[written % kCapacity] = item;
        // Release: whoever sees the new index sees the item.
        written_.store(written + 1, lib::Order::kRelease);
        return true;
    }

    // Consumer only. Returns false if the queue is empty.
    [[nodiscard]] bool pop(T& item) {
        const std::size_t read = read_.load(lib::Order::kRelaxed);
        if (read == written_.load(lib::Order::kAcquire)) {
            return false;
        }
        item = items_[read % kCapacity];
        // Release: the producer overwrites the place only after it was read.
        read_.store(read + 1, lib::Order::kRelease);
        return true;
    }

 private:
    T items_[kCapacity] = {};
    lib::Atomic<std::size_t> written_{0};  // how many items were ever pushed
    lib::Atomic<std::size_t> read_{0};     // how many items were ever popped
};

}  // namespace lib
