// VmaTree::split: two mappings where one was, and no program can tell.
#include "host_mappings.h"

static mm::VmaTree tree;
static mm::Vma lower, upper, third, behind;

// How many of the flags and rights, each alone, are not the same on both sides of a cut.
static uint64_t lost_bits() {
    uint64_t lost = 0;
    for (int bit = 0; bit < 35; bit++) {
        mm::VmaTree one;
        mm::Vma low, high;
        uint32_t flags = bit < 32 ? uint32_t{1} << bit : 0;
        int protection = bit < 32 ? 0 : 1 << (bit - 32);
        low.flags = flags;
        low.protection = protection;
        host::place(one, low, 300, 9);
        one.split(low, (301 + secret(2) % 8) * host::kPage, high);
        for (const mm::Vma* part : {&low, &high}) {
            if (part->flags == flags && part->protection == protection) continue;
            note("flags 0x%x, protection %d became 0x%x, %d", flags, protection, part->flags,
                 part->protection);
            lost++;
        }
        host::empty(one);
    }
    return lost;
}

TEST("A mapping that is cut in two means the same as before at every address.") {
    auto file = host::make_source();
    uint64_t offset = secret(0) % 1000 * host::kPage;
    lower.source = file;
    lower.offset = offset;
    lower.protection = 1 + secret(1) % 7;
    uint32_t flags = static_cast<uint32_t>(secret(3)) & ~mm::Vma::kGrowsDown;
    lower.flags = flags;
    host::place(tree, lower, 100, 20);
    host::place(tree, behind, 120, 5);
    tree.split(lower, 113 * host::kPage, upper);
    CHECK(lower.end, 113 * host::kPage);
    CHECK(upper.begin, 113 * host::kPage);
    CHECK(upper.end, 120 * host::kPage);
    CHECK(host::byte_of_source(upper, 115 * host::kPage), offset + 15 * host::kPage);
    CHECK(host::byte_of_source(lower, 104 * host::kPage), offset + 4 * host::kPage);
    CHECK(upper.protection, lower.protection);
    CHECK(upper.flags, flags);
    CHECK(upper.source.get(), file.get());
    tree.split(lower, 101 * host::kPage, third);
    CHECK(host::byte_of_source(third, 101 * host::kPage), offset + host::kPage);
    CHECK(tree.count(), 4);
    CHECK(tree.bytes(), 25 * host::kPage);
    CHECK(host::look_for(tree, 100), &lower);
    CHECK(host::look_for(tree, 112), &third);
    CHECK(host::look_for(tree, 119), &upper);
    CHECK(host::look_for(tree, 120), &behind);
    CHECK(lost_bits(), 0);
    host::empty(tree);
}
