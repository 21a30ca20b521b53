// `selftest=switch:HEX`: two contexts switch to each other, again and again, each with patterns in all
// registers that a function keeps for its caller. `selftest=freshfpu`: a new program finds the same in the
// FPU, whoever used it before.
#include <cstdint>
#include <cstring>

#include "arch/cpu.h"
#include "arch/fpu.h"
#include "arch/kernel_context.h"
#include "arch/memory.h"
#include "arch/switch_registers.h"
#include "core/log.h"
#include "selftest/hex.h"
#include "selftest/selftest.h"

namespace selftest {

namespace {

constexpr unsigned kRounds = 200;

using Registers = uint64_t[arch::kKeptRegisters];

alignas(16) uint8_t other_stack[arch::kKernelStackSize];

struct Side {
    arch::KernelContext context;
    Registers patterns;
    Registers seen;
};
Side side_here;
Side side_there;

uint64_t seed = 0;
uint64_t patterns_drawn = 0;
uint64_t digest = 0;
unsigned wrong = 0;

// Effect: from one side to the other and, when that comes back, a look at the registers.
void switch_sides(Side& from, const Side& to) {
    for (uint64_t& pattern : from.patterns) pattern = seed * (2 * patterns_drawn++ + 3);
    arch::switch_with_registers(from.context, to.context, from.patterns, from.seen);
    for (unsigned i = 0; i < arch::kKeptRegisters; i++) {
        digest = digest * 31 + from.seen[i];
        if (from.seen[i] != from.patterns[i]) wrong++;
    }
}

// What make_context promises to the first function of a context, which this is.
void check_beginning(uint64_t frame_pointer) {
    const auto* record =
        reinterpret_cast<const arch::FrameRecord*>(frame_pointer + arch::kFrameRecordOffset);
    const uint64_t end = reinterpret_cast<uint64_t>(other_stack) + sizeof(other_stack);
    if (record->previous != 0 || record->return_address != 0) wrong++;
    if (frame_pointer % 16 != 0 || frame_pointer > end || end - frame_pointer > 16) wrong++;
    if (arch::interrupts_enabled()) wrong++;
}

// Where the host stops the machine (grading/test_processes.py): on the other stack, and when all is done.
[[gnu::noinline]] void switch_begun() { asm volatile("" : : : "memory"); }
[[gnu::noinline]] void switch_done() { asm volatile("" : : : "memory"); }

void run_there() {
    switch_begun();
    check_beginning(reinterpret_cast<uint64_t>(__builtin_frame_address(0)));
    for (;;) switch_sides(side_there, side_here);
}

}  // namespace

// Prints a digest of what the registers held after each switch; the host computes it as well.
SELFTEST(switch) {
    seed = hex_number(argument);
    {
        const arch::InterruptGuard guard;
        const uint64_t stack_top = reinterpret_cast<uint64_t>(other_stack) + sizeof(other_stack);
        arch::make_context(side_there.context, stack_top, run_there);
        for (unsigned round = 0; round < kRounds; round++) switch_sides(side_here, side_there);
    }
    switch_done();
    core::log("selftest switch: digest={:016x} wrong={}", digest, wrong);
    return wrong == 0;
}

SELFTEST(freshfpu) {
    static const arch::FpuState fresh;
    static arch::FpuState seen[2];
    const arch::InterruptGuard guard;
    arch::allow_fpu_in_kernel();
    for (uint64_t i = 0; i < 2; i++) {
        arch::fpu_noise(0x1234'5678'9abc'def0 + i);
        arch::fpu_restore(fresh);
        arch::fpu_save(seen[i]);
    }
    return memcmp(&seen[0], &seen[1], sizeof(seen[0])) == 0;
}

}  // namespace selftest
