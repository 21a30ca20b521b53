// The mappings of an address space, in order. Contract: mm/vma_tree.h.
#include "mm/vma_tree.h"

#include "lib/todo.h"
#include "mm/page_source.h"

namespace mm {

namespace {

// Where what may be mapped below this one ends.
uint64_t gap_end(const Vma& vma) {
    if ((vma.flags & Vma::kGrowsDown) == 0) return vma.begin;
    return vma.begin > VmaTree::kStackGap ? vma.begin - VmaTree::kStackGap : 0;
}

}  // namespace

Vma::Vma() = default;
Vma::~Vma() = default;

// ROOM paging.1 begin: find a mapping
Vma* VmaTree::find(uint64_t address) {
    Vma* found = nullptr;
    for (Vma* vma = tree_.root(); vma != nullptr;) {
        if (vma->end > address) {
            found = vma;  // unless one further left ends above it, too
            vma = Tree::left(*vma);
        } else {
            vma = Tree::right(*vma);
        }
    }
    return found;
}
// ROOM paging.1 end

bool VmaTree::overlaps(uint64_t begin, uint64_t end) {
    const Vma* vma = find(begin);
    return vma != nullptr && vma->begin < end;
}

// ROOM paging.2 begin: split and merge
void VmaTree::split(Vma& lower, uint64_t at, Vma& upper) {
    ASSERT(lower.begin < at && at < lower.end);
    upper.begin = at;
    upper.end = lower.end;
    upper.protection = lower.protection;
    upper.flags = lower.flags;
    upper.source = lower.source;
    upper.offset = lower.offset + (at - lower.begin);
    set_end(lower, at);
    insert(upper);
}

bool VmaTree::can_merge(const Vma& left, const Vma& right) {
    if (left.end != right.begin) return false;
    if (left.protection != right.protection || left.flags != right.flags) return false;
    if (left.source != right.source) return false;
    return !left.source || left.offset + left.size() == right.offset;
}

Vma* VmaTree::merge(Vma& left) {
    Vma* right = next(left);
    if (right == nullptr || !can_merge(left, *right)) return nullptr;
    remove(*right);
    set_end(left, right->end);
    return right;
}
// ROOM paging.2 end

void VmaTree::insert(Vma& vma) {
    ASSERT(vma.begin < vma.end);
    if (vma.source) vma.source->add_mapping();
    if (vma.source && (vma.flags & Vma::kOfWriter) != 0) vma.source->join_writers();
    tree_.insert(vma);
    count_++;
    bytes_.add(vma.size());
    ASSERT(previous(vma) == nullptr || previous(vma)->end <= vma.begin);
    ASSERT(next(vma) == nullptr || vma.end <= next(vma)->begin);
    refresh_gap(&vma);
    refresh_gap(next(vma));
}

void VmaTree::remove(Vma& vma) {
    Vma* after = next(vma);
    if (vma.source && (vma.flags & Vma::kOfWriter) != 0) vma.source->remove_writer();
    if (vma.source) vma.source->remove_mapping();
    tree_.remove(vma);
    count_--;
    bytes_.subtract(vma.size());
    refresh_gap(after);
}

void VmaTree::set_begin(Vma& vma, uint64_t begin) {
    ASSERT(begin < vma.end);
    ASSERT(previous(vma) == nullptr || previous(vma)->end <= begin);
    if (vma.source) vma.offset += begin - vma.begin;
    bytes_.add(vma.begin - begin);  // may be less than nothing
    vma.begin = begin;
    refresh_gap(&vma);
}

void VmaTree::set_end(Vma& vma, uint64_t end) {
    ASSERT(vma.begin < end);
    ASSERT(next(vma) == nullptr || end <= next(vma)->begin);
    bytes_.add(end - vma.end);  // may be less than nothing
    vma.end = end;
    refresh_gap(next(vma));
}

// To be called when a mapping or the one before it has moved.
void VmaTree::refresh_gap(Vma* vma) {
    if (vma == nullptr) return;
    const Vma* before = previous(*vma);
    const uint64_t gap_begin = before != nullptr ? before->end : 0;
    vma->gap = gap_end(*vma) > gap_begin ? gap_end(*vma) - gap_begin : 0;
    tree_.refresh(*vma);
}

bool VmaTree::Rules::update(Vma& vma, const Vma* left, const Vma* right) {
    uint64_t largest = vma.gap;
    if (left != nullptr && left->largest_gap > largest) largest = left->largest_gap;
    if (right != nullptr && right->largest_gap > largest) largest = right->largest_gap;
    const bool changed = largest != vma.largest_gap;
    vma.largest_gap = largest;
    return changed;
}

// The gaps below the mappings are in order, so the highest one that is large enough is the answer. Only
// the gap that reaches up to `high` may be cut by it, and is looked at first, by itself.
Result<uint64_t> VmaTree::find_gap(uint64_t size, uint64_t low, uint64_t high) {
    ASSERT(size > 0);
    const Vma* above = find(high);
    const Vma* below = above != nullptr ? previous(*above) : last();
    const uint64_t top = above != nullptr && gap_end(*above) < high ? gap_end(*above) : high;
    const uint64_t bottom = below != nullptr && below->end > low ? below->end : low;
    if (top >= bottom && top - bottom >= size) return top - size;

    const Vma* found =
        above != nullptr ? last_gap_before(*above, size) : last_gap_in(tree_.root(), size);
    if (found == nullptr || gap_end(*found) - size < low) return Errno{ENOMEM};
    return gap_end(*found) - size;
}

// The last mapping of this subtree that has a gap of `size` below it, or null.
const Vma* VmaTree::last_gap_in(const Vma* vma, uint64_t size) {
    if (vma == nullptr || vma->largest_gap < size) return nullptr;
    while (true) {
        const Vma* right = Tree::right(*vma);
        if (right != nullptr && right->largest_gap >= size) {
            vma = right;
        } else if (vma->gap >= size) {
            return vma;
        } else {
            vma = Tree::left(*vma);  // where else should the largest gap be
        }
    }
}

// The last mapping before this one that has a gap of `size` below it, or null.
const Vma* VmaTree::last_gap_before(const Vma& vma, uint64_t size) {
    const Vma* found = last_gap_in(Tree::left(vma), size);
    const Vma* at = &vma;
    for (const Vma* up = Tree::parent(vma); up != nullptr && found == nullptr;
         up = Tree::parent(*up)) {
        if (at == Tree::right(*up)) {
            found = up->gap >= size ? up : last_gap_in(Tree::left(*up), size);
        }
        at = up;
    }
    return found;
}

}  // namespace mm
