// Contract: mm/shared_memory.h. The frames stand in a tree of tables like a page table's, 512 to a table,
// as deep as the object is large: a touched page of a huge object costs a few tables.
#include "mm/shared_memory.h"

#include "arch/memory.h"
#include "mm/frames.h"
#include "mm/heap.h"
#include "sync/spinlock.h"

namespace mm {

namespace {

constexpr uint64_t kFanOut = arch::kPageSize / sizeof(arch::PhysAddr);

// Tables hold physical addresses of what is below them; 0: nothing is there yet.
arch::PhysAddr* entries(arch::PhysAddr table) { return arch::direct_map<arch::PhysAddr>(table); }

class SharedMemory final : public PageSource {
public:
    explicit SharedMemory(uint64_t pages) : pages_(pages) {
        for (uint64_t reach = kFanOut; reach < pages; reach *= kFanOut) levels_++;
    }
    ~SharedMemory() override { release_below(root_, levels_); }

    Result<arch::PhysAddr> page(uint64_t index) override {
        if (index >= pages_) return Errno{ENXIO};
        sync::SpinGuard guard(lock_);
        arch::PhysAddr* slot = &root_;
        uint64_t span = span_of(levels_);
        for (unsigned level = levels_; level > 0; level--) {
            if (*slot == arch::PhysAddr{}) *slot = TRY(allocate_zeroed_frame());
            slot = &entries(*slot)[index / span % kFanOut];
            span /= kFanOut;
        }
        if (*slot == arch::PhysAddr{}) *slot = TRY(allocate_zeroed_frame());
        retain_frame(*slot);
        return *slot;
    }

    bool is_resident(uint64_t index) override {
        sync::SpinGuard guard(lock_);
        arch::PhysAddr* slot = find(index);
        return slot != nullptr && *slot != arch::PhysAddr{};
    }

    // Mappings keep the frames that they show: the caller has taken its own out first.
    Result<void> discard(uint64_t first, uint64_t count) override {
        sync::SpinGuard guard(lock_);
        for (uint64_t index = first; index < first + count && index < pages_; index++) {
            arch::PhysAddr* slot = find(index);
            if (slot == nullptr || *slot == arch::PhysAddr{}) continue;
            release_frame(*slot);
            *slot = {};
        }
        return {};
    }

    bool is_memory() const override { return true; }

    const char* name() const override { return "/dev/zero (deleted)"; }

private:
    // How many pages an entry of the root table leads to, if there are so many levels of tables.
    static uint64_t span_of(unsigned levels) {
        uint64_t span = 1;
        for (unsigned level = 1; level < levels; level++) span *= kFanOut;
        return span;
    }

    // Where page `index` is noted; null if a table on the way is missing.
    arch::PhysAddr* find(uint64_t index) REQUIRES(lock_) {
        if (index >= pages_) return nullptr;
        arch::PhysAddr* slot = &root_;
        uint64_t span = span_of(levels_);
        for (unsigned level = levels_; level > 0; level--) {
            if (*slot == arch::PhysAddr{}) return nullptr;
            slot = &entries(*slot)[index / span % kFanOut];
            span /= kFanOut;
        }
        return slot;
    }

    static void release_below(arch::PhysAddr node, unsigned levels) {
        if (node == arch::PhysAddr{}) return;
        if (levels > 0) {
            for (uint64_t i = 0; i < kFanOut; i++) release_below(entries(node)[i], levels - 1);
        }
        release_frame(node);
    }

    sync::SpinLock lock_{sync::LockRank::kPageSource};
    const uint64_t pages_;
    unsigned levels_ = 1;
    arch::PhysAddr root_ GUARDED_BY(lock_){};  // a table, even for one page
};

}  // namespace

Result<RefPtr<PageSource>> make_shared_memory(uint64_t pages) {
    return lib::adopt_ref<PageSource>(TRY(lib::make<SharedMemory>(pages)).release());
}

}  // namespace mm
