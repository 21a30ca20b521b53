// What tests need from a CPU beyond system calls: all of its registers at once, and instructions
// that trap.
//
// The contract between tests and user/arch/<cpu>/; names and counts are in that folder's
// cpu_registers.h. A register array has kRegisters elements; element i belongs to the register
// kRegisterNames[i].
#pragma once

#include <stdint.h>

#include <span>

#include "cpu_registers.h"

namespace cairn {

using Registers = uint64_t[kRegisters];
using Floats = uint64_t[kFloatRegisters];  // the last is the control word

// Fills the array with secret(0) ^ mask, secret(1) ^ mask…; two elements of Registers are equal, since
// the loops below count in one until it reaches the other, and the stack pointer is an address that the
// CPU takes. Of the control word only the bits that it has are set.
void draw_patterns(Registers& patterns, uint64_t mask = 0);
void draw_patterns(Floats& patterns);

// One number for all of them, to be compared with one CHECK; and which differ, as notes.
uint64_t digest(std::span<const uint64_t> values);
void note_differences(const Registers& patterns, const Registers& seen);
void note_differences(const Floats& patterns, const Floats& seen);

extern "C" {

// Loads all registers, the stack pointer too, with `patterns`, then makes the system call `number`
// `times` times without touching memory, and stores what the registers hold after that. Puts the
// number into patterns[kNumberRegister]; seen[kResultRegister] is the result of the last call.
void cpu_registers_over_calls(uint64_t* patterns, uint64_t* seen, uint64_t number, uint64_t times);

// The same around a loop of `times` rounds that never enters the kernel of its own accord; the loop
// lies at the label cpu_spin_loop and has at most 16 bytes.
void cpu_registers_over_spin(const uint64_t* patterns, uint64_t* seen, uint64_t times);

// The same with the floating-point registers.
void cpu_floats_over_calls(const uint64_t* patterns, uint64_t* seen, uint64_t number,
                           uint64_t times);
void cpu_floats_over_spin(const uint64_t* patterns, uint64_t* seen, uint64_t times);

// The same around fork(2), once: parent and child both come back, with what each of them got and the
// registers that each of them has.
long cpu_floats_over_fork(const uint64_t* patterns, uint64_t* seen);

// Each loads all registers with `patterns` and executes one instruction that must end the program.
// The address of that instruction is the label of the same name with _pc; where an address is
// accessed, it is the value of kAddressRegister.
[[noreturn]] void cpu_die_illegal(const uint64_t* patterns);
[[noreturn]] void cpu_die_privileged(const uint64_t* patterns);
[[noreturn]] void cpu_die_breakpoint(const uint64_t* patterns);
[[noreturn]] void cpu_die_divide(const uint64_t* patterns);  // only where a division can trap
[[noreturn]] void cpu_die_misaligned(const uint64_t* patterns);
[[noreturn]] void cpu_die_load(const uint64_t* patterns);
[[noreturn]] void cpu_die_store(const uint64_t* patterns);
[[noreturn]] void cpu_die_execute(const uint64_t* patterns);
extern const char cpu_die_illegal_pc[], cpu_die_privileged_pc[], cpu_die_breakpoint_pc[],
    cpu_die_divide_pc[], cpu_die_misaligned_pc[], cpu_die_load_pc[], cpu_die_store_pc[],
    cpu_die_execute_pc[], cpu_spin_loop[];

}  // extern "C"
}  // namespace cairn
