// What to do about an event, depending on who was interrupted.
#pragma once
#include "arch/trap.h"

namespace entry {

enum class Origin : uint8_t { kUser, kKernel };

enum class Action : uint8_t {
    kTick,    // the timer: handle_tick
    kIpi,     // another CPU
    kDevice,  // ask the interrupt controller
    kSystemCall,
    kFault,  // a page may be missing, or the program made a mistake: it ends, with a report
    kPanic,  // the kernel made one
};

// Effect: interrupts are served whoever was interrupted. A system call comes from user mode only.
// Any other event is a mistake: of the program if it ran, of the kernel if that did; so is
// Event::kUnknown. Pure; context: any.
Action decide(arch::Event event, Origin origin);

}  // namespace entry
