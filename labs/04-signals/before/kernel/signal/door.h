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

// Effect: it gets a signal for what its system call did: none comes, the call's error is all.
void send_to_self(int number);

}  // namespace signal
