// The port contract, user registers: what every other part of the kernel may ask of a program's
// registers without knowing which CPU it is.
//
//   save_resident_registers(context), load_resident_registers(context)
//                   Some of a program's registers stay in the CPU while the kernel runs, which does not
//                   use them (x86-64: where the segments FS and GS begin; the FPU's have functions of
//                   their own, fpu.h). Those of the thread that runs are saved before another thread's
//                   are loaded and before its context is copied or shown, and loaded after its context
//                   was reset or changed. Context: any, this CPU.
#pragma once
#include <concepts>
#include <cstdint>

#include "port/user_context.h"

namespace arch {

// All registers as numbers (kRegisterNames has their names), and those that may hold any number; pc, sp,
// frame pointer, and the return address that a function which calls nobody keeps in a register (0 where
// the CPU has no such register); the thread pointer, by which a thread finds what is its own (false, and
// nothing changed: Linux answers EPERM to such a value on this CPU); the system-call convention (number,
// six arguments in order, result, how many bytes the call instruction has, and which argument of clone(2) is
// the thread pointer, counted from 0). The number is as wide as Linux takes it on this CPU.
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
    { constant.thread_pointer() } -> std::same_as<uint64_t>;
    { context.set_thread_pointer(u) } -> std::same_as<bool>;
    { constant.call_number() } -> std::same_as<uint64_t>;
    context.set_call_number(u);
    { constant.call_arguments() } -> std::same_as<const uint64_t*>;
    context.set_result(s);
    { constant.result() } -> std::same_as<int64_t>;
    { T::kCallInstructionBytes } -> std::convertible_to<uint64_t>;
    { T::kCloneThreadPointer } -> std::convertible_to<unsigned>;
};
static_assert(UserRegisters<UserContext>);

// Effect: zeroes `context` and makes it ready to enter user mode at `pc` with stack pointer `sp`.
void reset_user_context(UserContext& context, uint64_t pc, uint64_t sp);

}  // namespace arch
