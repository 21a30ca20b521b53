// mremap(2): "If the value of old_size is zero, and old_address refers to a shareable mapping, then
// mremap() will create a new mapping of the same pages."
#include "cairn/check.h"
#include "cairn/memory.h"

static uint64_t second_view(uint64_t memory, uint64_t size) {
    return sys_mremap(memory, 0, size, MREMAP_MAYMOVE, 0);
}

TEST("Two mappings of the same shared anonymous pages show one content.") {
    uint64_t first = sys_mmap(0, 4 * PAGE, READ_WRITE, SHARED_ANONYMOUS, -1, 0);
    *at(first) = secret(0);
    uint64_t second = second_view(first, 4 * PAGE);
    CHECK_THAT(second % PAGE == 0 && second != first);
    CHECK(*at(second), secret(0));
    // Also where a page is touched only now, through either view.
    *at(second + 2 * PAGE + 8) = secret(1);
    CHECK(*at(first + 2 * PAGE + 8), secret(1));
    CHECK(*at(first + 3 * PAGE), 0);
    *at(second + 3 * PAGE) = secret(2);
    CHECK(*at(first + 3 * PAGE), secret(2));
    // The pages live as long as one view does.
    CHECK(sys_munmap(first, 4 * PAGE), 0);
    CHECK(*at(second), secret(0));
    uint64_t third = second_view(second + 2 * PAGE, 2 * PAGE);
    CHECK(*at(third + 8), secret(1));
    CHECK(*at(third + PAGE), secret(2));
}
