// VmaTree::find, asked for every page and both of its ends, against a walk along all mappings.
#include "host_mappings.h"

static mm::Vma vmas[300];
static mm::VmaTree tree;

// The first mapping that ends above the address, found by going along all of them.
static mm::Vma* expected(uint64_t address) {
    mm::Vma* vma = tree.first();
    while (vma != nullptr && vma->end <= address) vma = mm::VmaTree::next(*vma);
    return vma;
}

TEST("The mapping that holds an address, or else the first above it, is found.") {
    CHECK(tree.find(secret(0)), nullptr);
    uint64_t page = 16;
    for (uint64_t i = 0; i < 300; i++) {
        uint64_t count = 1 + secret(i) % 7;
        host::place(tree, vmas[i], page, count);
        page += count + secret(i) / 7 % 4;  // some touch, some do not
    }
    uint64_t wrong = 0;
    for (uint64_t address = 0; address < (page + 3) * host::kPage; address += host::kPage) {
        wrong += tree.find(address) != expected(address);
        wrong += tree.find(address + host::kPage - 1) != expected(address + host::kPage - 1);
    }
    CHECK(wrong, 0);
    CHECK(tree.find(0), &vmas[0]);
    CHECK(tree.find(vmas[299].end - 1), &vmas[299]);
    CHECK(tree.find(vmas[299].end), nullptr);
    CHECK(tree.find(~uint64_t{0}), nullptr);
    host::empty(tree);
}
