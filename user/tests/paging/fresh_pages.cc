// mmap(2): the contents of an anonymous mapping are initialized to zero. A frame that comes back from
// another mapping must not bring its old contents along.
#include "cairn/check.h"
#include "cairn/memory.h"

static constexpr uint64_t kPages = 16;

TEST("Fresh memory is zero in every byte, also where it was used before.") {
    uint64_t dirty = 0;
    for (int round = 0; round < 20; round++) {
        uint64_t memory = map_memory(kPages * PAGE), word = secret(round);
        // Every other page is written to before anything of it is read.
        for (uint64_t i = 0; i < kPages; i += 2) *at(memory + i * PAGE + 64) = word;
        for (uint64_t a = memory; a < memory + kPages * PAGE; a += 8) {
            bool is_written = a % PAGE == 64 && a / PAGE % 2 == memory / PAGE % 2;
            dirty += *at(a) != (is_written ? word : 0);
            *at(a) = word;
        }
        sys_munmap(memory, kPages * PAGE);
    }
    CHECK(dirty, 0);
}
