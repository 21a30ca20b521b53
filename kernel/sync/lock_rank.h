// The lock order of the whole kernel, as one list: a CPU that holds a lock may take only locks that
// stand further down. Debug builds check every acquisition (spinlock.cc).
#pragma once
#include <cstdint>

namespace sync {

enum class LockRank : uint8_t {
    kFrames,   // mm: the free list of page frames
    kConsole,  // dev: whole lines to the console
    kLast,
};

const char* name_of(LockRank rank);

}  // namespace sync
