// The kernel's own strace: `trace=syscall,trap` on the kernel's command line.
#pragma once
#include <cstdint>

#include "arch/trap.h"
#include "entry/syscall.h"

namespace entry {

enum class Trace : uint32_t { kSystemCalls = 1, kTraps = 2 };

extern uint32_t trace_mask;

// Effect: turns kinds of trace on. Context: boot.
void set_trace(bool system_calls, bool traps);

inline bool trace_enabled(Trace what) { return (trace_mask & static_cast<uint32_t>(what)) != 0; }

// Effect: handle_system_call, with a line about it. Context: as handle_system_call.
void traced_system_call(const SystemCallTable& table, arch::UserContext& user);

// Effect: a line about a trap from user mode. Context: interrupts off.
void trace_trap(arch::Event event, arch::TrapCause trap, const arch::UserContext& user);

}  // namespace entry
