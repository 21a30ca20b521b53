// The kernel life of a user thread, as one loop: enter user mode (a call that returns why user mode
// ended), handle the event, do what must be done before going back. Next to read: kernel/arch's
// enter_user (the way in and out), decide.cc, dispatch.cc.
#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/thread.h"
#include "entry/decide.h"
#include "entry/door.h"
#include "entry/fpu.h"
#include "entry/interrupt.h"
#include "entry/report.h"
#include "entry/syscall.h"
#include "entry/tick.h"
#include "entry/trace.h"
#include "exec/door.h"
#include "mm/door.h"
#include "signal/door.h"
#include "task/door.h"

namespace entry {

namespace {

// What is rare stays out of line: inlined into the loop below, it would take registers of system calls.

// Everything that stands between an event and user mode, behind one word. Interrupts are on. The thread
// may come back on another CPU.
[[gnu::noinline]] void do_work(core::Thread& thread) {
    const uint32_t work = thread.take_work();
    if (core::asks(work, core::Work::kStatusReport)) report_status(thread);
    if (core::asks(work, core::Work::kSignal)) signal::act(thread);
    if (core::asks(work, core::Work::kReschedule)) sched::give_way(thread);
}

void serve_system_call(core::Thread& thread) {
    // One by one: a whole record GCC would write byte by byte on riscv64, at 30 instructions a call.
    thread.call.number = thread.user.call_number();
    thread.call.first_argument = thread.user.call_arguments()[0];
    thread.call.is_call = true;
    if (trace_system_calls) [[unlikely]] {
        traced_system_call(system_call_table(), thread.user);
    } else {
        handle_system_call(system_call_table(), thread.user);
    }
}

// A page fault may be no mistake at all: the page is given when it is first touched.
[[gnu::noinline]] void mend_or_end(core::Thread& thread, arch::Event event, arch::TrapCause trap) {
    const mm::FaultAnswer answer = mm::mend_fault(thread, event, trap.value);
    if (trace_traps) [[unlikely]]
        end_trap();
    if (answer == mm::FaultAnswer::kMended) return;
    const task::Signal signal = task::signal_of(event, answer);
    report_fault(thread, event, trap, signal);
    task::end_program(thread, signal);
}

}  // namespace

void run_user(core::Thread& thread) {
    arch::disable_interrupts();
    for (;;) {
        // Interrupts are off from looking at the work word until sret: no request is missed.
        while (thread.has_work()) {
            arch::enable_interrupts();
            do_work(thread);
            arch::disable_interrupts();
        }
        const arch::TrapCause trap = arch::enter_user(thread.user);
        const arch::Event event = arch::decode(trap);
        if (trace_traps) [[unlikely]]
            trace_trap(event, trap, thread.user);
        const Action action = decide(event, Origin::kUser);
        switch (action) {
            case Action::kSystemCall:
                [[likely]] arch::enable_interrupts();
                serve_system_call(thread);
                arch::disable_interrupts();
                break;
            case Action::kTick:
            case Action::kIpi:
            case Action::kDevice:
                thread.call.is_call = false;
                handle_interrupt(*arch::this_cpu(), action, Origin::kUser);
                share_fpu(thread);
                break;
            case Action::kFault:
                thread.call.is_call = false;
                arch::enable_interrupts();
                mend_or_end(thread, event, trap);
                arch::disable_interrupts();
                break;
            case Action::kPanic:
                PANIC("trap {} from user mode, which decide() calls a kernel's", trap.cause);
        }
    }
}

}  // namespace entry
