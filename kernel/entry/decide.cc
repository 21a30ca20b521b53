// The policy of traps, without side effects. Contract: entry/decide.h. What is then done:
// user_loop.cc for traps from user mode, kernel_trap.cc for the others.
#include "entry/decide.h"

#include "lib/todo.h"

namespace entry {

// ROOM traps.3 begin: choose what to do
Action decide(arch::Event event, Origin origin) {
    switch (event) {
        case arch::Event::kTimer: return Action::kTick;
        case arch::Event::kIpi: return Action::kIpi;
        case arch::Event::kDevice: return Action::kDevice;
        case arch::Event::kSystemCall:
            return origin == Origin::kUser ? Action::kSystemCall : Action::kPanic;
        default: return origin == Origin::kUser ? Action::kFault : Action::kPanic;
    }
}
// ROOM traps.3 end

}  // namespace entry
