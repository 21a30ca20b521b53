// Floating-point registers belong to the program, whoever uses the unit between two of its instructions.
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/syscall.h"

using Floats = uint64_t[cairn::kFloatRegisters];

static uint64_t digest(const Floats& values) {
  uint64_t sum = 0;
  for (uint64_t value : values) sum = sum * 31 + value;
  return sum;
}

TEST("Floating-point registers and the control word keep their values over calls and over preemption.") {
  Floats patterns, seen;
  for (int i = 0; i < cairn::kFloatRegisters; i++) patterns[i] = secret(i);
  patterns[cairn::kFloatRegisters - 1] &= cairn::kFloatControlMask;

  cairn::cpu_floats_over_calls(patterns, seen, __NR_getpid, 3);
  CHECK(digest(seen), digest(patterns));
  cairn::cpu_floats_over_spin(patterns, seen, argument_number(1, 2'000'000));
  for (int i = 0; i < cairn::kFloatRegisters; i++) {
    if (seen[i] != patterns[i]) note("f%d was 0x%lx and became 0x%lx", i, patterns[i], seen[i]);
  }
  CHECK(digest(seen), digest(patterns));
}
