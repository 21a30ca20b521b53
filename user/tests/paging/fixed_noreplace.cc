// mmap(2), MAP_FIXED_NOREPLACE (Linux 4.17): never clobbers an existing mapping.
#include "cairn/check.h"
#include "cairn/memory.h"

static long map_free(uint64_t address, uint64_t size) {
    return sys_mmap(address, size, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
}

TEST("MAP_FIXED_NOREPLACE maps where nothing is, and else answers EEXIST and changes nothing.") {
    uint64_t memory = map_memory(5 * PAGE);
    *at(memory + 2 * PAGE) = secret(2);
    CHECK(sys_munmap(memory, PAGE), 0);
    CHECK(sys_munmap(memory + 3 * PAGE, 2 * PAGE), 0);
    CHECK(map_free(memory + 2 * PAGE, PAGE), -EEXIST);
    CHECK(map_free(memory + 2 * PAGE, 2 * PAGE), -EEXIST);
    CHECK(map_free(memory, 2 * PAGE), -EEXIST);
    CHECK(is_mapped(memory), 0);
    CHECK(is_mapped(memory + 3 * PAGE), 0);
    CHECK(*at(memory + 2 * PAGE), secret(2));
    CHECK(map_free(memory + 3 * PAGE, PAGE), memory + 3 * PAGE);
    CHECK(map_free(memory, PAGE), memory);
    CHECK(map_free(memory + 8, PAGE), -EINVAL);
}
