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

// 1 and a remark if another mapping is found than the right one.
static uint64_t differs(uint64_t address) {
    const mm::Vma *got = tree.find(address), *want = expected(address);
    if (got == want) return 0;
    note("address 0x%lx: mapping 0x%lx, not 0x%lx", address, got != nullptr ? got->begin : 0,
         want != nullptr ? want->begin : 0);
    return 1;
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
        wrong += differs(address) + differs(address + host::kPage - 1);
    }
    CHECK(wrong, 0);
    CHECK(tree.find(0), &vmas[0]);
    CHECK(tree.find(vmas[299].end - 1), &vmas[299]);
    CHECK(tree.find(vmas[299].end), nullptr);
    CHECK(tree.find(~uint64_t{0}), nullptr);
    host::empty(tree);
}
