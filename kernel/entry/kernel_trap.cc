// Traps of the kernel itself: interrupts are served and the kernel goes on; anything else is a mistake
// of ours and panics. Called by kernel_trap.S with everything saved in the frame.
#include "arch/cpu.h"
#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "core/panic.h"
#include "dev/device_interrupts.h"
#include "entry/door.h"
#include "entry/interrupt.h"
#include "entry/tick.h"
#include "entry/trace.h"
#include "mm/door.h"
#include "sched/door.h"
#include "time/tick.h"
#include "time/timers.h"

namespace entry {

namespace {

void (*interrupt_exit_hook)() = nullptr;

[[noreturn]] void panic_with(const arch::KernelFrame& frame, const char* what) {
    const lib::Argument arguments[] = {lib::make_argument(what), lib::make_argument(frame.pc()),
                                       lib::make_argument(frame.trap_cause().value),
                                       lib::make_argument(frame.trap_cause().cause)};
    core::panic_in_trap(frame,
                        {"{} in the kernel at pc {:#x} address {:#x} cause {:#x}", arguments});
}

// The hook on the way out of an interrupt: here the kernel is preempted when somebody asked for it
// and nothing forbids it.
void leave_interrupt(arch::Cpu& cpu) {
    if (cpu.interrupt_depth != 0) return;
    if (cpu.preempt_count == 0 && interrupt_exit_hook != nullptr) interrupt_exit_hook();
    sched::preempt_kernel(cpu);
}

}  // namespace

extern "C" void handle_kernel_trap(arch::KernelFrame* frame) {
    arch::Cpu& cpu = *arch::this_cpu();
    if (cpu.overflowed_sp != 0) {
        frame->set_sp(cpu.overflowed_sp);
        cpu.overflowed_sp = 0;
        panic_with(*frame, "kernel stack overflow:");
    }
    const arch::Event event = arch::decode(frame->trap_cause());
    const Action action = decide(event, Origin::kKernel);
    if (action == Action::kPanic) panic_with(*frame, arch::describe(event));
    handle_interrupt(cpu, action, Origin::kKernel);
    leave_interrupt(cpu);
}

void handle_interrupt(arch::Cpu& cpu, Action action, Origin origin) {
    if (core::is_panicking()) {
        for (;;) arch::wait_for_interrupt();
    }
    cpu.interrupt_depth++;
    if (trace_traps) [[unlikely]]
        begin_interrupt(action);
    switch (action) {
        case Action::kTick:
            if (time::is_tick_due(cpu)) sched::count_tick(cpu, origin == Origin::kUser);
            handle_tick(cpu);
            time::run_timers(cpu);
            break;
        case Action::kIpi:
            arch::acknowledge_ipi();
            mm::serve_shootdown();
            break;
        case Action::kDevice: dev::handle_device_interrupts(cpu); break;
        default: UNREACHABLE();
    }
    if (trace_traps) [[unlikely]]
        end_trap();
    cpu.interrupt_depth--;
}

void set_interrupt_exit_hook(void (*hook)()) { interrupt_exit_hook = hook; }

void init_traps() {
    arch::install_kernel_trap_vector();
    arch::accept_interrupts();
}

void idle() {
    for (;;) {
        arch::disable_interrupts();
        arch::wait_for_interrupt();
        arch::enable_interrupts();
    }
}

}  // namespace entry
