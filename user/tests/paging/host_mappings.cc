// Four thousand drawn cuts and joins; after each, every page means what it meant at the beginning.
#include "host_mappings.h"

static constexpr uint64_t kFirst = 64, kCount = 256;
static mm::VmaTree tree;
static mm::Vma spare[kCount];
static mm::Vma* unused[kCount];
static uint64_t unused_count = 0;

// One mapping of a file from its tenth page on, whatever it has been cut into.
static uint64_t differs(const char* what, uint64_t at, uint64_t got, uint64_t want) {
    if (got == want) return 0;
    note("%s of the mapping at page %lu: 0x%lx, not 0x%lx", what, at, got, want);
    return 1;
}

static uint64_t wrong_mappings(const mm::PageSource* file) {
    uint64_t page = kFirst;
    for (mm::Vma* vma = tree.first(); vma != nullptr; vma = mm::VmaTree::next(*vma)) {
        uint64_t wrong = differs("beginning", page, vma->begin, page * host::kPage) +
                         differs("file", page, vma->source.get() == file, 1) +
                         differs("offset", page, vma->offset, (10 + page - kFirst) * host::kPage) +
                         differs("protection", page, static_cast<uint64_t>(vma->protection), 5) +
                         differs("finding", page,
                                 tree.find(vma->begin) == vma && tree.find(vma->end - 1) == vma, 1);
        if (wrong != 0) return wrong;
        page = vma->end / host::kPage;
    }
    return differs("end of all", page, page, kFirst + kCount) +
           differs("bytes of all", page, tree.bytes(), kCount * host::kPage);
}

TEST("Thousands of cuts and joins leave every page the mapping that it had.") {
    auto file = host::make_source();
    for (mm::Vma& vma : spare) unused[unused_count++] = &vma;
    mm::Vma* first = unused[--unused_count];
    first->source = file;
    first->offset = 10 * host::kPage;
    first->protection = 5;
    host::place(tree, *first, kFirst, kCount);
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < 4000; i++) {
        uint64_t at = (kFirst + secret(i) % kCount) * host::kPage;
        mm::Vma* vma = tree.find(at);
        if (secret(i) >> 40 & 1) {
            if (vma->begin < at) tree.split(*vma, at, *unused[--unused_count]);
        } else if (mm::Vma* emptied = tree.merge(*vma)) {
            unused[unused_count++] = emptied;
        }
        wrong += wrong_mappings(file.get());
        if (wrong != 0) break;
    }
    CHECK(wrong, 0);
    CHECK(tree.count() + unused_count, kCount);
    host::empty(tree);
}
