// Stand-in for lab signals where there is one process: nobody sends a signal to anybody.
#pragma once

namespace core {
struct Thread;
}

namespace signal {

struct ProcessPart {};
struct ThreadPart {};

// Effect: what a thread must do about its signals before it goes back to user mode: nothing.
inline void act(core::Thread&) {}

}  // namespace signal
