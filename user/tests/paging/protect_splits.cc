// mprotect(2) changes the pages of the range and no others; contents stay.
#include "cairn/check.h"
#include "cairn/memory.h"

static uint64_t writable_pages(uint64_t memory) {
    uint64_t pages = 0;
    for (uint64_t i = 0; i < 6; i++)
        pages |= static_cast<uint64_t>(can_write(memory + i * PAGE)) << i;
    return pages;
}

TEST("mprotect of the middle of a mapping leaves both ends as they were.") {
    uint64_t memory = map_memory(6 * PAGE);
    for (uint64_t i = 0; i < 6; i++) *at(memory + i * PAGE) = secret(i);
    CHECK(sys_mprotect(memory + 2 * PAGE, PAGE + 1, PROT_READ), 0);
    CHECK(writable_pages(memory), 0b110011);
    CHECK(sys_mprotect(memory + 3 * PAGE, PAGE, PROT_NONE), 0);
    CHECK(can_read(memory + 2 * PAGE + 8), 1);
    CHECK(can_read(memory + 3 * PAGE + 8), 0);
    CHECK(writable_pages(memory), 0b110011);
    CHECK(sys_mprotect(memory, 6 * PAGE, READ_WRITE), 0);
    CHECK(writable_pages(memory), 0b111111);
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < 6; i++) wrong += *at(memory + i * PAGE) != secret(i);
    CHECK(wrong, 0);
}
