// The closed door of lab futexes: no thread waits at a word of memory, and none has a list of locks that
// its end must release.
#pragma once

namespace core {
struct Thread;
}

namespace futex {

struct ThreadPart {};

// Effect: locks that the thread that runs still holds are marked as left behind, and the threads that wait
// for them go on (set_robust_list(2)): there are none. Context: before the thread leaves its memory.
inline void release_robust_list(core::Thread&) {}

}  // namespace futex
