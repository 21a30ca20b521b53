// The stacks that threads have in the kernel: each 16 KiB with as much below it where nothing is mapped,
// so that a stack that grows too far traps at once (kernel_trap.S tells what happened).
//
//     kKernelStackArea                            a slot
//     ├─ guard ─┬─ stack of CPU 0's boot ─┬─ … ─┬─ guard ─┬─ stack ─┬─ …
//                                           low ──────────┘         └── low + arch::kKernelStackSize
#pragma once
#include <cstdint>

#include "lib/result.h"

namespace sched {

// Effect: the lowest address of a stack of any content. ENOMEM: there is no memory, or all of the
// thousands of places are in use. Context: interrupts on; no lock of rank kKernelStacks or later is held.
Result<uint64_t> allocate_kernel_stack();

// Effect: gives it back. Context: any but an interrupt handler, on another stack: a thread that ends is
// still on its own until the CPU has switched to the next. Locks: as above.
void free_kernel_stack(uint64_t low);

}  // namespace sched
