// Words for events. Contract: arch/trap.h.
#include "arch/trap.h"

namespace arch {

const char* describe(Event event) {
    switch (event) {
        case Event::kTimer: return "timer interrupt";
        case Event::kIpi: return "inter-processor interrupt";
        case Event::kDevice: return "device interrupt";
        case Event::kSystemCall: return "system call";
        case Event::kBreakpoint: return "breakpoint";
        case Event::kIllegalInstruction: return "illegal instruction";
        case Event::kDivideError: return "divide error";
        case Event::kFloatingPoint: return "floating-point exception";
        case Event::kMisaligned: return "misaligned address";
        case Event::kAccessFault: return "access fault";
        case Event::kProtection: return "protection fault";
        case Event::kStackFault: return "stack fault";
        case Event::kReadFault: return "read page fault";
        case Event::kWriteFault: return "write page fault";
        case Event::kExecuteFault: return "execute page fault";
        case Event::kUnknown: return "unknown trap";
    }
    return "unknown trap";
}

}  // namespace arch
