// Memory that was written keeps what was written, page for page and word for word.
#include "cairn/check.h"
#include "cairn/memory.h"

static constexpr uint64_t kPages = 40;

TEST("Each page of a mapping keeps its own contents.") {
    uint64_t memory = map_memory(kPages * PAGE);
    CHECK(memory % PAGE, 0);
    // Backwards and with gaps: pages need not be touched in order.
    for (uint64_t i = kPages; i > 0; i--) *at(memory + (i - 1) * PAGE + 8 * i) = secret(i);
    uint64_t wrong = 0;
    for (uint64_t i = 1; i <= kPages; i++)
        wrong += *at(memory + (i - 1) * PAGE + 8 * i) != secret(i);
    CHECK(wrong, 0);
    CHECK(*at(memory + 7 * PAGE), 0);
    CHECK(sys_munmap(memory, kPages * PAGE), 0);
    CHECK(is_mapped(memory), 0);
}
