// Stops at a breakpoint: with argument 0 when a far-reaching mapping has been made, with 1 when it has been
// touched here and there, with 2 when it has been unmapped. The host counts the page tables.
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/memory.h"

static constexpr uint64_t kStride = uint64_t{1} << 30;

TEST("A mapping costs tables where it is touched, and none when it is gone.") {
    uint64_t memory =
        sys_mmap(0, 8 * kStride, READ_WRITE, PRIVATE_ANONYMOUS | MAP_NORESERVE, -1, 0);
    for (uint64_t i = 0; i < 8 && argument_number(1, 0) > 0; i++) {
        *at(memory + i * kStride + secret(i) % kStride / 8 * 8) = secret(i);
    }
    if (argument_number(1, 0) == 2) sys_munmap(memory, 8 * kStride);
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    patterns[cairn::kAddressRegister] = memory;
    cairn::cpu_die_breakpoint(patterns);
}
