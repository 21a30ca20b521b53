// PROT_EXEC: code that is mapped from a file can be called, also where nothing but PROT_EXEC was asked
// for.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

extern "C" const char __executable_start[];

// Needs nothing but its argument, so it can run anywhere.
extern "C" [[gnu::noinline]] uint64_t stir(uint64_t x) {
    for (int i = 0; i < 20; i++) x = (x ^ x >> 29) * 37 + 11;
    return x;
}

static uint64_t call(uint64_t mapping) {
    uint64_t inside = reinterpret_cast<uintptr_t>(stir) % PAGE;
    return reinterpret_cast<uint64_t (*)(uint64_t)>(mapping + inside)(secret(0));
}

TEST("Memory with PROT_EXEC, alone or with PROT_READ, can be executed.") {
    int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    uint64_t distance =
        reinterpret_cast<uintptr_t>(stir) - reinterpret_cast<uintptr_t>(__executable_start);
    uint64_t offset = distance / PAGE * PAGE;
    uint64_t readable = sys_mmap(0, 2 * PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, offset);
    CHECK(call(readable), stir(secret(0)));
    uint64_t bare = sys_mmap(0, 2 * PAGE, PROT_EXEC, MAP_PRIVATE, fd, offset);
    CHECK(call(bare), stir(secret(0)));
    CHECK(can_write(bare), 0);
    CHECK(sys_mprotect(bare, 2 * PAGE, PROT_READ), 0);
    CHECK(sys_mprotect(bare, 2 * PAGE, PROT_READ | PROT_EXEC), 0);
    CHECK(call(bare), stir(secret(0)));
}
