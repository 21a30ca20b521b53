// Contract: task/door.h.
#include "arch/cpu.h"
#include "arch/trap.h"
#include "core/log.h"
#include "core/status.h"
#include "core/thread.h"
#include "task/door.h"

namespace task {

namespace {

constinit core::Thread the_thread = {};

struct Signal {
    int number;
    const char* name;
};

// Linux's signals for faults (signal(7); the numbers are those of <asm/signal.h> on every CPU).
Signal signal_of(arch::Event event) {
    switch (event) {
        case arch::Event::kIllegalInstruction: return {4, "SIGILL"};
        case arch::Event::kBreakpoint: return {5, "SIGTRAP"};
        case arch::Event::kMisaligned: return {7, "SIGBUS"};
        case arch::Event::kUnknown: return {4, "SIGILL"};
        default: return {11, "SIGSEGV"};
    }
}

}  // namespace

core::Thread& first_thread() { return the_thread; }

void give_way(core::Thread&) {}

void preempt_kernel(arch::Cpu&) {}

const char* signal_name_of(arch::Event event) { return signal_of(event).name; }

void exit_program(core::Thread& thread, int status) {
    status &= 0xff;  // what a parent could learn (wait(2))
    core::log("cairn: {} exited with status {}", thread.name, status);
    const bool fits = status <= core::kStatusLargestExit;
    arch::power_off(fits ? static_cast<uint8_t>(status) : core::kStatusLargestExit);
}

void end_program(core::Thread&, arch::Event event) {
    arch::power_off(static_cast<uint8_t>(core::kStatusKilledBase + signal_of(event).number));
}

}  // namespace task
