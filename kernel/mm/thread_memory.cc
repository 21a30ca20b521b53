// Contract: mm/thread_memory.h.
#include "mm/thread_memory.h"

#include "core/thread.h"
#include "mm/address_space.h"

namespace mm {

constinit sync::SpinLock thread_memory_lock{sync::LockRank::kSharing};

uint64_t most_resident_pages(const ThreadPart& thread) {
    const uint64_t before = thread.most_resident_of_earlier;
    if (thread.space == nullptr) return before;
    const uint64_t now = thread.space->sizes().most_resident_pages;
    return now > before ? now : before;
}

RefPtr<AddressSpace> exchange_space(core::Thread& thread, RefPtr<AddressSpace> space) {
    ThreadPart& memory = thread.memory;
    sync::SpinGuard guard(thread_memory_lock);
    memory.most_resident_of_earlier = most_resident_pages(memory);
    return lib::adopt_ref(std::exchange(memory.space, space.release()));
}

}  // namespace mm
