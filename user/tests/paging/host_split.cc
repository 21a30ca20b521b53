// VmaTree::split: two mappings where one was, and no program can tell.
#include "host_mappings.h"

static mm::VmaTree tree;
static mm::Vma lower, upper, third, behind;

TEST("A mapping that is cut in two means the same as before at every address.") {
    auto file = host::make_source();
    uint64_t offset = secret(0) % 1000 * host::kPage;
    lower.source = file;
    lower.offset = offset;
    lower.protection = 1 + secret(1) % 7;
    lower.flags = mm::Vma::kNoReserve | mm::Vma::kShared;
    host::place(tree, lower, 100, 20);
    host::place(tree, behind, 120, 5);
    tree.split(lower, 113 * host::kPage, upper);
    CHECK(lower.end, 113 * host::kPage);
    CHECK(upper.begin, 113 * host::kPage);
    CHECK(upper.end, 120 * host::kPage);
    CHECK(host::byte_of_source(upper, 115 * host::kPage), offset + 15 * host::kPage);
    CHECK(host::byte_of_source(lower, 104 * host::kPage), offset + 4 * host::kPage);
    CHECK(upper.protection, lower.protection);
    CHECK(upper.flags, mm::Vma::kNoReserve | mm::Vma::kShared);
    CHECK(upper.source.get(), file.get());
    tree.split(lower, 101 * host::kPage, third);
    CHECK(host::byte_of_source(third, 101 * host::kPage), offset + host::kPage);
    CHECK(tree.count(), 4);
    CHECK(tree.bytes(), 25 * host::kPage);
    CHECK(host::look_for(tree, 100), &lower);
    CHECK(host::look_for(tree, 112), &third);
    CHECK(host::look_for(tree, 119), &upper);
    CHECK(host::look_for(tree, 120), &behind);
    host::empty(tree);
}
