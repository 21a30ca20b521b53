// The mappings of an address space, in order. Called by address_space.cc, which holds its lock.
//
// A mapping (Linux's word is VMA: virtual memory area) says what a stretch of user addresses means; the
// page tables are only a cache of that. Mappings do not overlap and are not empty. Neighbours that mean
// the same need not be merged for the kernel to be right, only to be small.
#pragma once
#include <cstddef>
#include <cstdint>

#include "lib/peak.h"
#include "lib/ref_ptr.h"
#include "lib/result.h"
#include "lib/tree.h"

namespace mm {

class PageSource;

struct Vma {
    // What `flags` holds beside the protection.
    static constexpr uint32_t kShared = 1;       // writes go to the source, not to a private copy
    static constexpr uint32_t kGrowsDown = 2;    // a stack: a touch below may move `begin` down
    static constexpr uint32_t kNoReserve = 4;    // MAP_NORESERVE
    static constexpr uint32_t kHeap = 8;         // brk's
    static constexpr uint32_t kDontFork = 16;    // MADV_DONTFORK
    static constexpr uint32_t kWipeOnFork = 32;  // MADV_WIPEONFORK
    static constexpr uint32_t kNeverWritable =
        64;  // shared, of a file that is open for reading only
    static constexpr uint32_t kOfWriter =
        128;  // of a file that was open for writing: a writer of its source, while it is in a tree

    Vma();
    ~Vma();

    uint64_t size() const { return end - begin; }
    bool contains(uint64_t address) const { return begin <= address && address < end; }

    lib::TreeNode node;
    uint64_t begin = 0, end = 0;  // whole pages; in a tree, only VmaTree changes them
    uint64_t gap = 0;             // usable bytes between the mapping before and this one
    uint64_t largest_gap = 0;     // the largest `gap` of this node's subtree; both are VmaTree's
    int protection = 0;           // PROT_READ | PROT_WRITE | PROT_EXEC
    uint32_t flags = 0;           // kGrowsDown does not change while the mapping is in a tree
    RefPtr<PageSource> source;    // where pages come from; none: zeroed memory of its own
    uint64_t offset = 0;          // of the source's byte that is seen at `begin`
    Vma* next_removed = nullptr;  // RemovedVmas (address_space.h)
};

// Context of all functions: the address space's lock is held. The tree borrows the mappings.
class VmaTree {
public:
    // A mapping that grows down keeps so much free below it (Linux: stack_guard_gap, 256 pages).
    static constexpr uint64_t kStackGap = 256 * 4096;

    // Effect: the first mapping that ends above `address`, or null. It may begin above it, too:
    // Vma::contains tells. O(log n).
    Vma* find(uint64_t address);

    // Effect: whether a mapping has a byte in begin ≤ a < end.
    bool overlaps(uint64_t begin, uint64_t end);

    // In the order of addresses; null behind the last, and before the first.
    Vma* first() { return tree_.first(); }
    Vma* last() { return tree_.last(); }
    static Vma* next(const Vma& vma) { return Tree::next(vma); }
    static Vma* previous(const Vma& vma) { return Tree::previous(vma); }

    // Effect: puts a filled-in mapping among the others, none of which it overlaps; takes one out.
    void insert(Vma& vma);
    void remove(Vma& vma);

    // Effect: moves an end of a mapping in the tree; it neither becomes empty nor reaches into a
    // neighbour. With its beginning moves its offset, so that every address that stays keeps its byte.
    void set_begin(Vma& vma, uint64_t begin);
    void set_end(Vma& vma, uint64_t end);

    // Effect: cuts a mapping in two at `at`, which lies inside it: `lower` keeps what is below, `upper`,
    // a new object, becomes the mapping of the rest and goes into the tree. Nothing that a program can
    // see changes: every address keeps its protection, its flags, its source and its byte of it.
    void split(Vma& lower, uint64_t at, Vma& upper);

    // Effect: whether the two, `left` being below `right`, could be one mapping: they touch, mean the
    // same, and (if they have a source) show it without a jump between them.
    static bool can_merge(const Vma& left, const Vma& right);

    // Effect: if `left` and the mapping after it can be one, `left` takes both places, and the other,
    // now in no tree, is returned for the caller to free; else null.
    Vma* merge(Vma& left);

    // Effect: the highest address a such that low ≤ a, a + size ≤ high, and nothing is mapped in
    // between, the space below stacks counted as taken; ENOMEM if there is none. O(log n).
    Result<uint64_t> find_gap(uint64_t size, uint64_t low, uint64_t high);

    size_t count() const { return count_; }
    uint64_t bytes() const { return bytes_.now(); }  // of all mappings together
    uint64_t most_bytes() const { return bytes_.most(); }

private:
    struct Rules {
        static uint64_t key(const Vma& vma) { return vma.begin; }
        static bool update(Vma& vma, const Vma* left, const Vma* right);
    };
    using Tree = lib::Tree<Vma, &Vma::node, Rules>;

    void refresh_gap(Vma* vma);
    static const Vma* last_gap_in(const Vma* vma, uint64_t size);
    static const Vma* last_gap_before(const Vma& vma, uint64_t size);

    Tree tree_;
    size_t count_ = 0;
    lib::Peak bytes_;
};

}  // namespace mm
