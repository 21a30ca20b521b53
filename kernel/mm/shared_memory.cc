// Contract: mm/shared_memory.h.
#include "mm/shared_memory.h"

#include "mm/frame_tree.h"
#include "mm/frames.h"
#include "mm/heap.h"
#include "sync/spinlock.h"

namespace mm {

namespace {

class SharedMemory final : public PageSource {
public:
    explicit SharedMemory(uint64_t pages) : pages_(pages) {}

    Result<arch::PhysAddr> page(uint64_t index) override {
        if (index >= pages_) return Errno{ENXIO};
        sync::SpinGuard guard(lock_);
        arch::PhysAddr* place = TRY(frames_.place_of(index));
        if (*place == arch::PhysAddr{}) *place = TRY(allocate_zeroed_frame());
        retain_frame(*place);
        return *place;
    }

    bool is_resident(uint64_t index) override {
        sync::SpinGuard guard(lock_);
        return frames_.find(index) != arch::PhysAddr{};
    }

    bool shows(uint64_t index, arch::PhysAddr frame) override {
        sync::SpinGuard guard(lock_);
        return frames_.find(index) == frame;
    }

    // A page that somebody touches again between the two steps becomes zeros where it is.
    Result<void> discard(uint64_t first, uint64_t end) override {
        unmap_everywhere(first, end, Copies::kStay);
        sync::SpinGuard guard(lock_);
        frames_.remove(first, end, FrameTree::Used::kBecomeZeros);
        return {};
    }

    bool is_memory() const override { return true; }

    const char* name() const override { return "/dev/zero (deleted)"; }

private:
    sync::SpinLock lock_{sync::LockRank::kPageSource};
    const uint64_t pages_;
    FrameTree frames_ GUARDED_BY(lock_);
};

}  // namespace

Result<RefPtr<PageSource>> make_shared_memory(uint64_t pages) {
    return lib::adopt_ref<PageSource>(TRY(lib::make<SharedMemory>(pages)).release());
}

}  // namespace mm
