// The port contract, traps: from the hardware's cause to one vocabulary for all CPUs, and the call
// that runs a program until its next trap.
#pragma once
#include <cstdint>

#include "arch/user_context.h"
#include "port/kernel_frame.h"
#include "port/trap.h"

namespace arch {

// What happened, on whatever CPU.
enum class Event : uint8_t {
    kTimer,       // the deadline of set_timer has come
    kIpi,         // another CPU wants something
    kDevice,      // an interrupt controller has something for us
    kSystemCall,  // from user mode
    kBreakpoint,
    kIllegalInstruction,  // on riscv64 privileged ones too
    kDivideError,         // x86: a division by zero
    kFloatingPoint,       // x86: a floating-point exception that is not masked
    kMisaligned,          // an address that the instruction cannot use
    kAccessFault,         // no memory or device answers there
    kProtection,          // x86: not allowed, a privileged instruction or an impossible address
    kStackFault,          // x86: the same for an address made from the stack pointer
    kReadFault,           // page faults: the mapping is missing or forbids it
    kWriteFault,
    kExecuteFault,
    kUnknown,  // a cause that this port does not know
};

// Effect: says what a cause means. Pure; context: any.
Event decode(TrapCause trap);

// Effect: the words that a report uses for an event, for example "illegal instruction".
const char* describe(Event event);

// Effect: whether `return_address`, which lies in the kernel's text, is where a direct call of the
// function at `function` returns to; false on CPUs that keep return addresses in a register. Context:
// any.
bool returns_from(uint64_t function, uint64_t return_address);

// Effect: runs the program in `context` until its next trap and says why that came. The registers are
// in `context` again afterwards, pc at the instruction that trapped (behind it where the hardware counts
// a breakpoint as done: x86). Context: interrupts off, before
// and after; the kernel's own registers are kept as in any call.
extern "C" TrapCause enter_user(UserContext& context);

}  // namespace arch
