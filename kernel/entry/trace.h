// The kernel's own strace: `trace=syscall,trap` on the kernel's command line.
#pragma once
#include <cstdint>

#include "arch/trap.h"
#include "entry/syscall.h"

namespace entry {

// What is traced; read in every trap, so each is a word of its own that is zero or not.
extern bool trace_system_calls;
extern bool trace_traps;

// Effect: handle_system_call, with a line about it. Context: as handle_system_call.
void traced_system_call(const SystemCallTable& table, arch::UserContext& user);

// Effect: a line about a trap from user mode. Context: interrupts off.
void trace_trap(arch::Event event, arch::TrapCause trap, const arch::UserContext& user);

}  // namespace entry
