// Contract: task/door.h.
#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/process.h"
#include "core/status.h"
#include "core/thread.h"
#include "entry/door.h"
#include "sync/blocking.h"
#include "task/door.h"

namespace task {

namespace {

constinit core::Process the_process;
core::Thread the_thread = {};

}  // namespace

core::Thread& first_thread() {
    the_thread.process = &the_process;
    return the_thread;
}

void run_first_thread(core::Thread& thread) {
    arch::disable_interrupts();
    arch::this_cpu()->running = &thread;
    entry::run_user(thread);
}

// One program has it all.
uint64_t process_time_ns(core::Thread&) { return core::now_ns(); }

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
