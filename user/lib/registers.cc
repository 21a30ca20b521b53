// Patterns for all registers, and what became of them. Contract: cairn/cpu.h.

#include "cairn/check.h"
#include "cairn/cpu.h"

namespace cairn {

void draw_patterns(Registers& patterns, uint64_t mask) {
    for (uint64_t i = 0; i < kRegisters; i++) patterns[i] = secret(i) ^ mask;
    constexpr int kSpare = 64 - kAddressBits;
    const auto stack_pointer = static_cast<int64_t>(patterns[kStackRegister] << kSpare) >> kSpare;
    patterns[kStackRegister] = static_cast<uint64_t>(stack_pointer);
    patterns[kCountRegister] = patterns[kLimitRegister];
}

void draw_patterns(Floats& patterns) {
    for (uint64_t i = 0; i < kFloatRegisters; i++) patterns[i] = secret(i);
    patterns[kFloatRegisters - 1] &= kFloatControlMask;
}

uint64_t digest(std::span<const uint64_t> values) {
    uint64_t sum = 0;
    for (uint64_t value : values) sum = (sum << 7 | sum >> 57) * 0x9E3779B97F4A7C15 + value;
    return sum;
}

void note_differences(const Registers& patterns, const Registers& seen) {
    for (int i = 0; i < kRegisters; i++) {
        if (seen[i] == patterns[i]) continue;
        note("register %s was 0x%lx and became 0x%lx", kRegisterNames[i], patterns[i], seen[i]);
    }
}

void note_differences(const Floats& patterns, const Floats& seen) {
    for (int i = 0; i < kFloatRegisters; i++) {
        if (seen[i] == patterns[i]) continue;
        note("floating-point register %d was 0x%lx and became 0x%lx", i, patterns[i], seen[i]);
    }
}

}  // namespace cairn
