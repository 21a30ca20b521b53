// Ten thousand drawn operations of the mmap family against a model of the address space.
// Arguments: how many; the seed (0: drawn by the grader).
#include "fuzz_model.h"

static uint64_t state;

static uint64_t below(uint64_t limit) {  // SplitMix64 (Steele, Lea and Flood, 2014)
    uint64_t z = state += 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return (z ^ z >> 31) % limit;
}

static int protection() {
    static const int kProtections[] = {PROT_NONE, PROT_READ, READ_WRITE, READ_WRITE,
                                       PROT_READ | PROT_EXEC};
    return kProtections[below(5)];
}

static void one_operation(fuzz::AddressSpace& space) {
    uint64_t first = below(fuzz::kPages);
    uint64_t room = fuzz::kPages - first;
    fuzz::Range range = {first, 1 + below(room < 12 ? room : 12)};
    switch (below(12)) {
        case 0: space.map_anonymous(range, protection()); break;
        case 1: {
            uint64_t file_page = below(space.file_pages());
            uint64_t most = space.file_pages() - file_page;
            if (range.count > most) range.count = most;
            space.map_file(range, protection(), file_page);
            break;
        }
        case 2: space.map_where_free(range, protection()); break;
        case 3: space.unmap(range); break;
        case 4:
        case 5: space.protect(range, protection()); break;
        case 6: space.drop(range); break;
        case 7: space.move(first, below(fuzz::kPages)); break;
        case 8: space.grow(first); break;
        default: space.write(first, below(~uint64_t{0})); break;
    }
    space.look_at(first);
}

TEST("Ten thousand drawn operations do to an address space what a model of it says.") {
    uint64_t count = argument_number(1, 10'000);
    state = argument_number(2, 0) != 0 ? argument_number(2, 0) : secret(0);
    static fuzz::AddressSpace space;
    for (uint64_t i = 0; i < count; i++) {
        one_operation(space);
        if (i % 500 == 0)
            for (uint64_t page = 0; page < fuzz::kPages; page++) space.look_at(page);
    }
    CHECK(space.wrong(), 0);
    CHECK(count, argument_number(1, 10'000));
}
