// The port contract, user registers: what every other part of the kernel may ask of a program's
// registers without knowing which CPU it is.
#pragma once
#include <concepts>
#include <cstdint>

#include "port/user_context.h"

namespace arch {

// All registers as numbers (kRegisterNames has their names), and those that may hold any number; pc, sp,
// frame pointer, and the return address that a function which calls nobody keeps in a register (0 where
// the CPU has no such register); the system-call convention (number, six arguments in order, result, and
// how many bytes the call instruction has). The number is as wide as Linux takes it on this CPU.
template <typename T>
concept UserRegisters = requires(T context, const T& constant, uint64_t u, int64_t s) {
    { constant.registers() } -> std::same_as<std::span<const uint64_t>>;
    { context.free_registers() } -> std::same_as<std::span<uint64_t>>;
    { constant.pc() } -> std::same_as<uint64_t>;
    context.set_pc(u);
    { constant.sp() } -> std::same_as<uint64_t>;
    context.set_sp(u);
    { constant.frame_pointer() } -> std::same_as<uint64_t>;
    { constant.link_register() } -> std::same_as<uint64_t>;
    { constant.call_number() } -> std::same_as<uint64_t>;
    context.set_call_number(u);
    { constant.call_arguments() } -> std::same_as<const uint64_t*>;
    context.set_result(s);
    { constant.result() } -> std::same_as<int64_t>;
    { T::kCallInstructionBytes } -> std::convertible_to<uint64_t>;
};
static_assert(UserRegisters<UserContext>);

// Effect: zeroes `context` and makes it ready to enter user mode at `pc` with stack pointer `sp`.
void reset_user_context(UserContext& context, uint64_t pc, uint64_t sp);

}  // namespace arch
