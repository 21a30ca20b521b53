// The port contract, contexts: where a function of the kernel stops so that another, on another stack,
// may go on.
//
//   struct KernelContext     what a function keeps for its caller, by the calling convention, and its stack
//   context.pc()             where it will go on, and the frame pointer there: for backtraces
//   context.frame_pointer()
#pragma once
#include <cstdint>

#include "port/kernel_context.h"

namespace arch {

// Effect: stores the running context in `from` and goes on in `to`: this call returns when somebody
// switches back to `from`. A context is switched to once for each time that it was stored. The CPU may be
// another one then, if whoever calls allows that: ask this_cpu() anew. Context: interrupts off, before
// and after.
extern "C" void switch_context(KernelContext& from, const KernelContext& to);

// Effect: fills `context` such that the first switch to it calls `entry` on the empty stack that ends at
// `stack_top`, a multiple of 16, with interrupts off. Backtraces end there, and `entry` never returns.
void make_context(KernelContext& context, uint64_t stack_top, void (*entry)());

}  // namespace arch
