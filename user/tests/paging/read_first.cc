// A page that is read before it is written shows zeroes; the write that follows must not be seen by
// other pages, even if all of them showed the same frame of zeroes until then.
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("A page that is read first and written later becomes a page of its own.") {
    uint64_t memory = map_memory(8 * PAGE);
    uint64_t sum = 0;
    for (uint64_t i = 0; i < 8; i++) sum += *at(memory + i * PAGE + 16);
    CHECK(sum, 0);
    *at(memory + 3 * PAGE + 16) = secret(3);
    *at(memory + 5 * PAGE + 16) = secret(5);
    CHECK(*at(memory + 3 * PAGE + 16), secret(3));
    CHECK(*at(memory + 5 * PAGE + 16), secret(5));
    CHECK(*at(memory + 4 * PAGE + 16), 0);
    uint64_t other = map_memory(PAGE);
    CHECK(*at(other + 16), 0);
}
