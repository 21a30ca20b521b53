// x86_64: what a vector means. Pure, so that host rows can ask it a million questions in a second.
// Called by entry/user_loop.cc and entry/kernel_trap.cc; what is then done: entry/decide.cc.
#include "arch/trap.h"
#include "lib/todo.h"

namespace arch {

// Effect: names the event behind a trap, by trap.vector(). The vectors are named in port/trap.h; one
// that is not in this list is Event::kUnknown.
//   - Debug exceptions (single steps) and breakpoints are one event.
//   - A page fault is a fetch if the error code has kPageFaultFetch, else a write if it has
//     kPageFaultWrite, else a read.
//   - There are two floating-point exceptions: of the old x87 unit, and of vector registers.
//   - A segment that is not present and a stack address that is none are stack faults.
//   - Vectors from kFirstDevice to kLastDevice, and the spurious one, are for the interrupt controller.
// Source: Intel SDM volume 3, "Exception and Interrupt Reference".
// ROOM traps.2 begin: what a vector means
Event decode(TrapCause trap) {
    const uint64_t vector = trap.vector();
    const bool is_device = vector >= static_cast<uint64_t>(Vector::kFirstDevice) &&
                           vector <= static_cast<uint64_t>(Vector::kLastDevice);
    if (is_device) return Event::kDevice;
    switch (static_cast<Vector>(vector)) {
        case Vector::kTimer: return Event::kTimer;
        case Vector::kIpi: return Event::kIpi;
        case Vector::kSpurious: return Event::kDevice;
        case Vector::kSystemCall: return Event::kSystemCall;
        case Vector::kDebug:
        case Vector::kBreakpoint: return Event::kBreakpoint;
        case Vector::kInvalidOpcode: return Event::kIllegalInstruction;
        case Vector::kDivideError: return Event::kDivideError;
        case Vector::kFloatingPoint:
        case Vector::kVectorFloatingPoint: return Event::kFloatingPoint;
        case Vector::kSegmentNotPresent:
        case Vector::kStackFault: return Event::kStackFault;
        case Vector::kGeneralProtection: return Event::kProtection;
        case Vector::kAlignmentCheck: return Event::kMisaligned;
        case Vector::kPageFault:
            if ((trap.error_code() & kPageFaultFetch) != 0) return Event::kExecuteFault;
            if ((trap.error_code() & kPageFaultWrite) != 0) return Event::kWriteFault;
            return Event::kReadFault;
        default: return Event::kUnknown;
    }
}
// ROOM traps.2 end

}  // namespace arch
