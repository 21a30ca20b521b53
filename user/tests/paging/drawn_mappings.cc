// Maps, touches, protects and unmaps by drawn numbers, and then stops at a breakpoint: the host walks the
// page tables from outside and looks for just that. It finds the arena in kAddressRegister; what must be
// there, grading/test_paging.py computes from the same secrets. No call here has a pointer.
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/memory.h"

static constexpr uint64_t kPages = 600;  // more than one leaf table holds

TEST("The page tables hold just the pages that a program touched, with the rights it asked for.") {
    uint64_t arena = map_memory(kPages * PAGE);
    for (uint64_t i = 0; i < kPages; i++) {
        if (secret(i) % 3 != 0) *at(arena + i * PAGE + 8) = secret(i) ^ i;
    }
    for (uint64_t i = 0; i < kPages; i += 10) {
        uint64_t kind = secret(i) / 3 % 4, place = arena + i * PAGE;
        if (kind == 1) sys_mprotect(place, 5 * PAGE, PROT_READ);
        if (kind == 2) sys_munmap(place + PAGE, 5 * PAGE);
        if (kind == 3) sys_mprotect(place + 2 * PAGE, 3 * PAGE, PROT_NONE);
    }
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    patterns[cairn::kAddressRegister] = arena;
    cairn::cpu_die_breakpoint(patterns);
}
