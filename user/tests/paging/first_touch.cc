// A program's own memory, piece by piece as it is touched: code, constants, data with a value, data without,
// and the stack. It makes no system call; the host stops it at a breakpoint and reads the same memory.
#include "cairn/check.h"
#include "cairn/cpu.h"

static constexpr uint64_t kPages = 8;
extern "C" {
alignas(4096) uint64_t first_touch_bss[kPages * 512];
alignas(4096) uint64_t first_touch_data[kPages * 512] = {0x6361697268, 2, 3};
}

TEST("Each page of a program is there when it is touched, with what the program's file says.") {
    uint64_t sum = 0;
    for (uint64_t i = 0; i < kPages; i++) {
        sum += first_touch_bss[i * 512 + 7] + first_touch_data[i * 512];
        if (i % 2 == 0) first_touch_bss[i * 512 + 9] = secret(i);
        if (i % 3 == 0) first_touch_data[i * 512 + 9] = secret(100 + i);
    }
    uint64_t stack[512 * 6];
    for (uint64_t i = 0; i < 6; i++) stack[i * 512] = secret(200 + i);
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    __asm__ volatile("" : : "r"(sum));  // or nothing of it would be read
    patterns[cairn::kAddressRegister] = reinterpret_cast<uintptr_t>(stack);
    cairn::cpu_die_breakpoint(patterns);
}
