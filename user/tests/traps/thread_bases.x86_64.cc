// arch_prctl(2): where the segments FS and GS begin. A program keeps its thread there; the kernel uses the
// same register for its own block, and must exchange the two each time.
#include <asm/prctl.h>

#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/syscall.h"

static long set_base(int which, uint64_t address) {
    return system_call(__NR_arch_prctl, which, static_cast<long>(address), 0, 0, 0, 0);
}

static uint64_t at_fs() {
    uint64_t word;
    asm volatile("movq %%fs:0, %0" : "=r"(word));
    return word;
}

static uint64_t at_gs() {
    uint64_t word;
    asm volatile("movq %%gs:0, %0" : "=r"(word));
    return word;
}

TEST("What a program puts into the bases of FS and GS is there after calls and ticks.") {
    static volatile uint64_t words[2];
    words[0] = secret(0);
    words[1] = secret(1);
    CHECK(set_base(ARCH_SET_FS, reinterpret_cast<uintptr_t>(&words[0])), 0);
    CHECK(set_base(ARCH_SET_GS, reinterpret_cast<uintptr_t>(&words[1])), 0);
    CHECK(at_fs(), secret(0));
    CHECK(at_gs(), secret(1));
    cairn::Registers patterns, seen;
    cairn::draw_patterns(patterns);
    cairn::cpu_registers_over_spin(patterns, seen, argument_number(1, 2'000'000));
    CHECK(at_fs(), secret(0));
    CHECK(at_gs(), secret(1));
    uint64_t base = 0;
    CHECK(set_base(ARCH_GET_GS, reinterpret_cast<uintptr_t>(&base)), 0);
    CHECK(base, reinterpret_cast<uintptr_t>(&words[1]));
    CHECK(set_base(ARCH_SET_GS, 0xFFFFFFFF'80000000 | secret(2) % 4096), -EPERM);
}
