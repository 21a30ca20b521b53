// mmap without an address: the kernel finds a place where nothing is, for every size and order.
#include "cairn/check.h"
#include "cairn/memory.h"

static constexpr uint64_t kCount = 200;
static uint64_t places[kCount], sizes[kCount];

TEST("Mappings of the kernel's choice never overlap, and gaps are used again.") {
    uint64_t wrong = 0;
    for (uint64_t n = 0; n < 4 * kCount; n++) {
        uint64_t i = secret(n) % kCount;
        if (sizes[i] != 0) {
            wrong += *at(places[i]) != i || *at(places[i] + sizes[i] - 8) != ~i;
            wrong += sys_munmap(places[i], sizes[i]) != 0;
        }
        sizes[i] = (1 + secret(n) / kCount % 20) * PAGE;
        places[i] = map_memory(sizes[i]);
        wrong += places[i] % PAGE != 0 || *at(places[i]) != 0 || *at(places[i] + sizes[i] - 8) != 0;
        *at(places[i]) = i;
        *at(places[i] + sizes[i] - 8) = ~i;
    }
    CHECK(wrong, 0);
    // A page that is given back between two others is found again when nothing larger is asked for.
    uint64_t three = map_memory(3 * PAGE);
    CHECK(sys_munmap(three + PAGE, PAGE), 0);
    CHECK(sys_mmap(three + PAGE, PAGE, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0), three + PAGE);
    CHECK(*at(three + PAGE), 0);
}
