// VmaTree::can_merge and merge: neighbours become one only where nothing can be seen of it.
#include "host_mappings.h"

static mm::VmaTree tree;
static mm::Vma left, right;

// Whether two mappings of four pages that touch, equal but for what `change` does to the right one, can
// be one.
template <typename Change>
static bool can_merge(Change change) {
    static RefPtr<mm::PageSource> file = host::make_source();
    mm::Vma a, b;
    a.begin = 8 * host::kPage, a.end = b.begin = 12 * host::kPage, b.end = 16 * host::kPage;
    a.protection = b.protection = 3;
    a.flags = b.flags = mm::Vma::kShared;
    a.source = b.source = file;
    a.offset = secret(0) % 100 * host::kPage;
    b.offset = a.offset + 4 * host::kPage;
    change(b);
    return mm::VmaTree::can_merge(a, b);
}

// How many of the flags and rights may differ between two that can be one.
static uint64_t merged_though_different() {
    uint64_t wrong = 0;
    for (int bit = 0; bit < 35; bit++) {
        bool merged = can_merge([bit](mm::Vma& b) {
            if (bit < 32) b.flags ^= uint32_t{1} << bit;
            if (bit >= 32) b.protection ^= 1 << (bit - 32);
        });
        if (!merged) continue;
        if (bit < 32) note("flag 0x%x may differ", uint32_t{1} << bit);
        if (bit >= 32) note("right %d may differ", 1 << (bit - 32));
        wrong++;
    }
    return wrong;
}

TEST("Two neighbours become one mapping if they mean the same and show the file without a jump.") {
    CHECK(can_merge([](mm::Vma&) {}), true);
    CHECK(can_merge([](mm::Vma& b) { b.protection = 1; }), false);
    CHECK(can_merge([](mm::Vma& b) { b.flags = 0; }), false);
    CHECK(can_merge([](mm::Vma& b) { b.source = host::make_source(); }), false);
    CHECK(can_merge([](mm::Vma& b) { b.source = {}; }), false);
    CHECK(can_merge([](mm::Vma& b) { b.offset += host::kPage; }), false);
    CHECK(can_merge([](mm::Vma& b) { b.offset -= 4 * host::kPage; }), false);
    CHECK(can_merge([](mm::Vma& b) { b.begin += host::kPage; }), false);
    CHECK(merged_though_different(), 0);
    left.protection = right.protection = 3;
    left.offset = 7 * host::kPage;  // of no meaning without a source
    host::place(tree, left, 8, 4);
    CHECK(tree.merge(left), nullptr);
    host::place(tree, right, 12, 6);
    CHECK(tree.merge(left), &right);
    CHECK(left.end, 18 * host::kPage);
    CHECK(tree.count(), 1);
    CHECK(tree.bytes(), 10 * host::kPage);
    CHECK(tree.merge(left), nullptr);
    host::empty(tree);
}
