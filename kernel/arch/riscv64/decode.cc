// riscv64: what scause means. Pure, so that host rows can ask it a million questions in a second.
// Called by entry/user_loop.cc and entry/kernel_trap.cc; what is then done: entry/decide.cc.
#include "arch/trap.h"
#include "lib/todo.h"

namespace arch {

// Effect: names the event behind a trap. The top bit of trap.cause tells interrupts from exceptions;
// the rest is one of the codes in port/trap.h. A code that stands there under neither name is
// Event::kUnknown: the hardware may be newer than this kernel.
// Misaligned and access faults do not care whether it was a load, a store or a fetch.
// Source: privileged specification, "Supervisor Cause Register (scause)".
// ROOM traps.2 begin: what a cause means
Event decode(TrapCause trap) {
    if ((trap.cause & kInterruptBit) != 0) {
        switch (static_cast<InterruptCode>(trap.cause & ~kInterruptBit)) {
            case InterruptCode::kSoftware: return Event::kIpi;
            case InterruptCode::kTimer: return Event::kTimer;
            case InterruptCode::kExternal: return Event::kDevice;
        }
        return Event::kUnknown;
    }
    switch (static_cast<ExceptionCode>(trap.cause)) {
        case ExceptionCode::kUserCall: return Event::kSystemCall;
        case ExceptionCode::kBreakpoint: return Event::kBreakpoint;
        case ExceptionCode::kIllegalInstruction: return Event::kIllegalInstruction;
        case ExceptionCode::kInstructionMisaligned:
        case ExceptionCode::kLoadMisaligned:
        case ExceptionCode::kStoreMisaligned: return Event::kMisaligned;
        case ExceptionCode::kInstructionAccess:
        case ExceptionCode::kLoadAccess:
        case ExceptionCode::kStoreAccess: return Event::kAccessFault;
        case ExceptionCode::kInstructionPageFault: return Event::kExecuteFault;
        case ExceptionCode::kLoadPageFault: return Event::kReadFault;
        case ExceptionCode::kStorePageFault: return Event::kWriteFault;
    }
    return Event::kUnknown;
}
// ROOM traps.2 end

}  // namespace arch
