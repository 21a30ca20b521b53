// The user memory of one program: mappings say what addresses mean, page tables cache what the CPU was
// told of that so far. Both change under one lock.
//
//     mmap, munmap, mprotect …      a touch of an unmapped page
//             │                               │
//         mapping.cc ──► VmaTree ◄──────── fault.cc ──► PageTable ──► frames
//             └──────────────── unmap, restrict ───────────┘
//
// Sizes are bytes and addresses are the program's, unchecked unless a comment says otherwise; errors
// and their order are those of the system calls' man pages. `limits` are those of whoever asks.
#pragma once
#include <cstdint>
#include <span>

#include "arch/page_table.h"
#include "core/limits.h"
#include "lib/list.h"
#include "lib/make.h"
#include "lib/peak.h"
#include "lib/ref_ptr.h"
#include "lib/result.h"
#include "mm/fault_answer.h"
#include "mm/page_source.h"
#include "mm/page_table.h"
#include "mm/shootdown.h"
#include "mm/vma_tree.h"
#include "sync/spinlock.h"

namespace mm {

enum class Access : uint8_t { kRead, kWrite, kExecute };

// mmap(2)'s arguments, the descriptor looked up already.
struct MapRequest {
    uint64_t address = 0;  // a wish, or with MAP_FIXED and MAP_FIXED_NOREPLACE the place
    uint64_t size = 0;
    int protection = 0;           // PROT_*
    int flags = 0;                // MAP_*
    RefPtr<PageSource> source{};  // none: memory that nobody else sees
    uint64_t offset = 0;          // of the source's byte at the beginning; whole pages
    uint32_t vma_flags = 0;       // Vma::k…, beside those that follow from `flags`
    bool may_be_low = false;      // a fixed place may lie below kLowestMapping
    Errno refusal{};              // error to return after the address was checked; 0 if none
};

// Mappings that were taken out of an address space: they die after its lock is given back, for with
// them may die what they mapped.
class RemovedVmas {
public:
    RemovedVmas() = default;
    ~RemovedVmas();
    RemovedVmas(const RemovedVmas&) = delete;
    RemovedVmas& operator=(const RemovedVmas&) = delete;
    void add(Vma& vma);

private:
    Vma* first_ = nullptr;
};

class AddressSpace : public lib::RefCounted<AddressSpace> {
public:
    static constexpr size_t kMostMappings = 65530;     // Linux: vm.max_map_count
    static constexpr uint64_t kLowestMapping = 65536;  // Linux: vm.mmap_min_addr

    // Effect: an address space without mappings. Mappings without a wish will lie below `top`. ENOMEM.
    static Result<RefPtr<AddressSpace>> make(uint64_t top);
    AddressSpace(PageTable table, uint64_t top);  // for make()
    // Effect: a copy for a child: shared mappings show the same frames, private ones too, until either
    // side writes. ENOMEM. Context: may sleep.
    Result<RefPtr<AddressSpace>> clone();
    ~AddressSpace();

    // Effect: this CPU translates by this address space from now on. Context: interrupts off; the
    // caller holds a reference until this CPU has left.
    void enter();
    void leave();
    // Effect: the second half of leave(): this CPU translates by another address space already.
    void left();
    // Effect: what was written to its frames is what every CPU executes from now on, whichever it comes to.
    // Context: as flush_tlb_of.
    void renew_code();

    // mmap(2), munmap(2), mprotect(2), mremap(2), brk(2): mapping.cc, remap.cc. map() does not look at
    // MAP_POPULATE; populate() does what it asks for. Of `wish`, remap() looks at the address and may_be_low.
    Result<uint64_t> map(const MapRequest& request, const core::Limits& limits);
    Result<void> unmap(uint64_t begin, uint64_t size);
    Result<void> protect(uint64_t begin, uint64_t size, uint64_t protection,
                         const core::Limits& limits);
    Result<uint64_t> remap(uint64_t old_begin, uint64_t old_size, uint64_t new_size, uint64_t flags,
                           const MapRequest& wish, const core::Limits& limits);
    uint64_t set_break(uint64_t end, const core::Limits& limits);
    void start_break(uint64_t begin);

    // madvise(2), msync(2), mincore(2): advice.cc. incore() answers for one page at a time.
    Result<void> advise(uint64_t begin, uint64_t size, int advice, const core::Limits& limits);
    Result<void> check_mapped(uint64_t begin, uint64_t end);
    Result<void> incore(uint64_t begin, std::span<uint8_t> pages);
    // Effect: touches every page, as far as that goes.
    void populate(uint64_t begin, uint64_t size, const core::Limits& limits);

    // Effect: makes the page of `address` usable for `access`, as the program's own touch would.
    FaultAnswer fault(uint64_t address, Access access, const core::Limits& limits);

    // Effect: copies between the kernel and this program's memory, whatever program runs. EFAULT at the
    // first byte that the program could not touch itself; what lies before it was copied.
    Result<void> read(uint64_t address, std::span<uint8_t> kernel, const core::Limits& limits);
    Result<void> write(uint64_t address, std::span<const uint8_t> kernel,
                       const core::Limits& limits);
    // Effect: copies up to and with the zero byte; the length before it. ENAMETOOLONG if `kernel` has no
    // room for it.
    Result<size_t> read_string(uint64_t address, std::span<char> kernel,
                               const core::Limits& limits);
    // Effect: write() into pages that the program may not write to, for its loader.
    Result<void> fill(uint64_t address, std::span<const std::byte> bytes);

    // Effect: PageSource::unmap_everywhere() for this address space, and for the copy that is being made of
    // it. Context: interrupts on.
    void unmap_source(PageSource& source, uint64_t first, uint64_t end, PageSource::Copies copies);
    // The address space that was made next after `previous`, or the first of all for null; one that is made
    // while somebody asks comes last. None behind the last. Context: `previous` lives.
    static RefPtr<AddressSpace> next_living(AddressSpace* previous);
    ListNode in_all;  // unmap_source.cc

    // Effect: calls visit(vma) for each mapping, upwards. Context: the lock is held meanwhile.
    template <typename Visit>
    void for_each_mapping(Visit visit) {
        sync::SpinGuard guard(lock_);
        for (Vma* vma = vmas_.first(); vma != nullptr; vma = VmaTree::next(*vma)) visit(*vma);
    }
    // How much is mapped, and the most that ever was mapped, and in memory.
    struct Sizes {
        uint64_t mapped_bytes = 0, most_mapped_bytes = 0, most_resident_pages = 0;
    };
    Sizes sizes();
    // How many of its pages are in memory now, counted one by one.
    struct Residency {
        uint64_t all = 0, of_sources = 0;
    };
    Residency count_resident();

    // Whether others may look into it (PR_SET_DUMPABLE in prctl(2)). Context: any.
    bool is_dumpable() const { return dumpable_.load(lib::Order::kRelaxed) != 0; }
    void set_dumpable(bool is_dumpable) {
        dumpable_.store(is_dumpable ? 1 : 0, lib::Order::kRelaxed);
    }

private:
    // One allocation at each end of a range that begins or ends inside a mapping.
    struct Edges {
        UniquePtr<Vma> at_begin, at_end;
    };

    // mapping.cc. `begin` and `end` are whole pages, and checked but for clear_range.
    Result<uint64_t> choose_place(const MapRequest& request, uint64_t size) REQUIRES(lock_);
    Result<Edges> prepare_edges(uint64_t begin, uint64_t end) REQUIRES(lock_);
    void cut(Edges edges, uint64_t begin, uint64_t end) REQUIRES(lock_);
    void clear(Edges edges, uint64_t begin, uint64_t end, RemovedVmas& removed) REQUIRES(lock_);
    Result<void> clear_range(uint64_t begin, uint64_t end, RemovedVmas& removed) REQUIRES(lock_);
    void merge_around(uint64_t begin, uint64_t end, RemovedVmas& removed) REQUIRES(lock_);
    static Result<void> check_commit(const Vma& vma, int protection, uint64_t bytes);
    uint64_t bytes_in(uint64_t begin, uint64_t end) REQUIRES(lock_);
    Result<void> check_data(uint32_t flags, int protection, uint64_t more,
                            const core::Limits& limits) REQUIRES(lock_);
    Result<void> check_size(uint64_t more, uint64_t less, const core::Limits& limits)
        REQUIRES(lock_);
    Result<void> protect_one(Vma& vma, uint64_t begin, uint64_t end, int protection,
                             const core::Limits& limits) REQUIRES(lock_);
    void grow_or_shrink_break(uint64_t end, const core::Limits& limits, RemovedVmas& removed)
        REQUIRES(lock_);

    // remap.cc
    struct Remapping;
    Result<Vma*> check_remapping(const Remapping& remapping, const core::Limits& limits)
        REQUIRES(lock_);
    Result<uint64_t> move_to(Remapping& remapping, const core::Limits& limits, RemovedVmas& removed)
        REQUIRES(lock_);
    Result<uint64_t> resize(Remapping& remapping, const core::Limits& limits, RemovedVmas& removed)
        REQUIRES(lock_);
    Result<uint64_t> move(Vma& vma, const Remapping& remapping, RemovedVmas& removed)
        REQUIRES(lock_);
    Result<void> move_pages(uint64_t from, uint64_t to, uint64_t size) REQUIRES(lock_);
    bool can_grow_in_place(const Vma& vma, uint64_t end) REQUIRES(lock_);

    // unmap_source.cc
    void unmap_frames_of(const Vma& vma, uint64_t begin, uint64_t end) REQUIRES(lock_);

    // advice.cc
    struct Removal;
    Result<bool> next_removal(Removal& removal);
    Result<void> remove_pages(uint64_t begin, uint64_t end);
    Result<void> touch_all(uint64_t begin, uint64_t end, Access access, const core::Limits& limits);
    Result<void> advise_one(Vma& vma, uint64_t begin, uint64_t end, int advice) REQUIRES(lock_);

    // unmap_source.cc. From join_others() on others find this space (next_living); until then it is its
    // maker's alone.
    void join_others();
    void leave_others();
    static Result<RefPtr<AddressSpace>> make_alone(uint64_t top);
    void forget_source(PageSource& source, uint64_t first, uint64_t end, PageSource::Copies copies)
        REQUIRES(lock_);

    // fault.cc
    FaultAnswer mend_or_refuse(uint64_t address, Access access, const core::Limits& limits)
        REQUIRES(lock_);
    FaultAnswer mend(uint64_t address, Access access, const core::Limits& limits) REQUIRES(lock_);
    bool grow_stack(Vma& stack, uint64_t address, const core::Limits& limits) REQUIRES(lock_);
    FaultAnswer supply_page(const Vma& vma, uint64_t page, Access access) REQUIRES(lock_);
    void replace_entry(uint64_t page, arch::Pte* entry, arch::Pte fresh) REQUIRES(lock_);
    Result<arch::PhysAddr> frame_for(const Vma& vma, uint64_t page, Access access, arch::Pte old);

    // user_memory.cc
    Result<uint8_t*> reach(uint64_t address, Access access, const core::Limits& limits)
        REQUIRES(lock_);

    // clone.cc
    Result<uint64_t> share_pages(const Vma& vma, uint64_t next, AddressSpace& child);
    Result<void> share_mapping(const Vma& vma, AddressSpace& child) REQUIRES(lock_);

    sync::SpinLock lock_{sync::LockRank::kAddressSpace};
    VmaTree vmas_ GUARDED_BY(lock_);
    PageTable table_ GUARDED_BY(lock_);
    lib::Atomic<CpuSet> cpus_{0};  // that translate by it now
    lib::Atomic<uint32_t> dumpable_{1};
    lib::Atomic<CpuSet> stale_code_{0};  // whose fetched instructions may be old: enter()
    const uint64_t top_;
    lib::Peak resident_ GUARDED_BY(lock_);  // pages (is_resident)
    // The copy that clone() makes: until it joins the others, the lock of its original guards it too.
    AddressSpace* unborn_ GUARDED_BY(lock_) = nullptr;
    uint64_t break_begin_ GUARDED_BY(lock_) = 0, break_end_ GUARDED_BY(lock_) = 0;
};

// Effect: what the CPU is told about pages of a mapping.
arch::PageAccess access_of_pages(const Vma& vma);

// Effect: zero_frame() (frames.h) is made. Context: boot.
void init_zero_frame();

}  // namespace mm
