// Contract: task/door.h.
#include <asm/signal.h>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "arch/trap.h"
#include "core/clock.h"
#include "core/current.h"
#include "core/log.h"
#include "core/process.h"
#include "core/status.h"
#include "core/thread.h"
#include "entry/door.h"
#include "lib/make.h"
#include "task/door.h"
#include "task/scheduler.h"

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

core::Thread& first_thread() {
    core::Thread* thread = MUST(make_thread(MUST(lib::make_ref<core::Process>()),
                                            [] { entry::run_user(core::current()); }));
    return *thread;
}

void run_first_thread(core::Thread& thread) {
    start_thread(thread);
    idle();
}

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

void finish_execve(core::Thread&, lib::Text) {}

void exit_program(core::Thread& thread, int status) {
    status &= 0xff;  // what a parent could learn (wait(2))
    core::log("cairn: {} exited with status {}", thread.name, status);
    const bool fits = status <= core::kStatusLargestExit;
    arch::power_off(fits ? static_cast<uint8_t>(status) : core::kStatusLargestExit);
}

void end_program(core::Thread&, const Signal& signal) {
    arch::power_off(static_cast<uint8_t>(core::kStatusKilledBase + signal.number));
}

}  // namespace task
