// RLIMIT_AS, RLIMIT_DATA and RLIMIT_STACK are each process's own, and a child's begin as its parent's.
#include "cairn/children.h"

static uint64_t limited() {
    uint64_t wrong = differs("RLIMIT_DATA", limit_to(RLIMIT_DATA, 4 * PAGE), 0);
    uint64_t end = sys_brk(0);
    wrong += differs("brk", static_cast<long>(sys_brk(end + (1 << 20)) - end), 0);
    wrong += differs("RLIMIT_DATA", limit_to(RLIMIT_DATA, RLIM64_INFINITY), 0);
    wrong += differs("RLIMIT_AS", limit_to(RLIMIT_AS, 16 << 20), 0);
    wrong += differs("mmap", map_memory(32 << 20), -ENOMEM);
    // Inherited, and counted anew in the child: what it has is what its parent had.
    wrong += in_child([] {
        long one = map_memory(8 << 20), two = map_memory(8 << 20);
        return differs("a child's mmap", two, -ENOMEM) + (one < 0);
    });
    return wrong + (map_memory(8 << 20) < 0);
}

TEST("Limits of memory bind the process that set them and its children, and no other process.") {
    CHECK(in_child(limited), 0);
    CHECK_THAT(map_memory(32 << 20) > 0);
    uint64_t end = sys_brk(0);
    CHECK(sys_brk(end + (1 << 20)), end + (1 << 20));
    CHECK(limit_to(RLIMIT_CORE, 0) + limit_to(RLIMIT_STACK, 64 * 1024), 0);
    CHECK(wait_for(start_child([] {
              volatile uint8_t large[256 * 1024];
              for (uint64_t i = sizeof large; i > 0; i -= 64) large[i - 1] = 1;
              return large[0];
          })),
          killed_by(SIGSEGV));
}
