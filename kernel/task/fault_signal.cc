// Contract: task/fault_signal.h.
#include "task/fault_signal.h"

#include <asm/signal.h>

#include "arch/trap.h"

namespace task {

namespace {

Signal signal_of_page_fault(mm::FaultAnswer answer) {
    switch (answer) {
        case mm::FaultAnswer::kForbidden: return {SIGSEGV, "SIGSEGV", "SEGV_ACCERR"};
        case mm::FaultAnswer::kPastEnd: return {SIGBUS, "SIGBUS", "BUS_ADRERR"};
        case mm::FaultAnswer::kNoMemory: return {SIGKILL, "SIGKILL", "out of memory"};
        default: return {SIGSEGV, "SIGSEGV", "SEGV_MAPERR"};
    }
}

}  // namespace

Signal signal_of(arch::Event event, mm::FaultAnswer answer) {
    switch (event) {
        case arch::Event::kIllegalInstruction:
        case arch::Event::kUnknown: return {SIGILL, "SIGILL", "ILL_ILLOPC"};
        case arch::Event::kBreakpoint: return {SIGTRAP, "SIGTRAP", "TRAP_BRKPT"};
        case arch::Event::kMisaligned: return {SIGBUS, "SIGBUS", "BUS_ADRALN"};
        case arch::Event::kDivideError: return {SIGFPE, "SIGFPE", "FPE_INTDIV"};
        case arch::Event::kFloatingPoint: return {SIGFPE, "SIGFPE", "FPE_FLTUNK"};
        case arch::Event::kProtection: return {SIGSEGV, "SIGSEGV", "SI_KERNEL"};
        case arch::Event::kStackFault: return {SIGBUS, "SIGBUS", "SI_KERNEL"};
        case arch::Event::kAccessFault: return {SIGSEGV, "SIGSEGV", "SEGV_ACCERR"};
        default: return signal_of_page_fault(answer);
    }
}

}  // namespace task
