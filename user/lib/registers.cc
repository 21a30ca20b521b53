// Patterns for all registers, and what became of them. Contract: cairn/cpu.h.

#include "cairn/check.h"
#include "cairn/cpu.h"

namespace cairn {

void draw_patterns(Registers& patterns) {
  for (int i = 0; i < kRegisters; i++) patterns[i] = secret(static_cast<uint64_t>(i));
  patterns[kCountRegister] = patterns[kLimitRegister];
}

uint64_t digest(const Registers& registers) {
  uint64_t sum = 0;
  for (uint64_t value : registers) sum = (sum << 7 | sum >> 57) * 0x9E3779B97F4A7C15 + value;
  return sum;
}

void note_differences(const Registers& patterns, const Registers& seen) {
  for (int i = 0; i < kRegisters; i++) {
    if (seen[i] == patterns[i]) continue;
    note("register %s was 0x%lx and became 0x%lx", kRegisterNames[i], patterns[i], seen[i]);
  }
}

}  // namespace cairn
