// What the kernel tells of itself: `trace=syscall,trap` on its command line prints a line each, the kernel's
// own strace; `trace=timeline` keeps records of both (core/timeline.h).
#pragma once
#include <cstdint>

#include "arch/trap.h"
#include "dev/boot_args.h"
#include "entry/decide.h"
#include "entry/syscall.h"

namespace entry {

// What is traced, in whatever way; read in every trap, so each is a word of its own that is zero or not.
extern bool trace_system_calls;
extern bool trace_traps;

// Effect: traces what was asked for. Context: boot.
void init_traces(const dev::BootArgs& args);

// Effect: handle_system_call, told about before and after. Context: as handle_system_call.
void traced_system_call(const SystemCallTable& table, arch::UserContext& user);

// Effect: tells about a trap from user mode. Context: interrupts off.
void trace_trap(arch::Event event, arch::TrapCause trap, const arch::UserContext& user);

// Effect: the timeline has when an interrupt came, and when it or a fault of the program was handled.
// Context: any.
void begin_interrupt(Action action);
void end_trap();

}  // namespace entry
