// The stack is mapped as it is used, down to RLIMIT_STACK; how far below sp the touch is does not matter.
#include "cairn/check.h"
#include "cairn/memory.h"

// The address behind the stack: the program's name lies in the uppermost page.
static uint64_t stack_end() {
    return (reinterpret_cast<uintptr_t>(cairn::argument(0)) | (PAGE - 1)) + 1;
}

[[gnu::noinline]] static uint64_t deep(uint64_t levels) {
    volatile uint64_t page[512];
    page[levels % 512] = levels;
    return levels == 0 ? 0 : deep(levels - 1) + page[levels % 512];
}

TEST("The stack grows down to its limit, page by page or at one blow.") {
    CHECK(deep(300), 300 * 301 / 2);
    rlimit64 limit;
    CHECK(sys_prlimit(RLIMIT_STACK, nullptr, &limit), 0);
    CHECK(limit.rlim_cur, 8 << 20);
    uint64_t lowest = stack_end() - limit.rlim_cur;
    CHECK(is_mapped(lowest + (4 << 20)), 0);
    *at(lowest + (4 << 20)) = secret(0);
    CHECK(is_mapped(lowest + (4 << 20)), 1);
    CHECK(is_mapped(lowest), 0);
    *at(lowest) = secret(1);
    CHECK(*at(lowest + (4 << 20)), secret(0));
    CHECK(*at(lowest + 2 * PAGE), 0);
    // The kernel's own touch makes it grow, too; but not when it only asks what is mapped.
    CHECK(is_mapped(lowest - PAGE), 0);
    CHECK(can_write(lowest - PAGE), 0);
}
