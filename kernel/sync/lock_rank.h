// The lock order of the whole kernel, as one list: a CPU that holds a lock may take only locks that
// stand further down. Debug builds check every acquisition (spinlock.cc).
#pragma once
#include <cstdint>

namespace sync {

enum class LockRank : uint8_t {
    kFiles,         // fs: a table of descriptors, a position in a file
    kNames,         // fs: the names in the directories of the RAM file system
    kNode,          // fs: owner, permissions and times of one file
    kFamily,        // task: who is whose child, and in which group and session
    kSignals,       // signal: what a process does about each signal
    kSharing,       // fs: which files a thread has
    kAddressSpace,  // mm: the mappings and page tables of one program
    kSpaces,        // mm: which address spaces there are
    kShootdown,     // mm: one CPU tells the others what to forget
    // Who holds one of the above may be waiting until all CPUs have answered an interrupt: those are
    // taken with interrupts on, everywhere (may_await_interrupts).
    kKernelStacks,  // task: which places for stacks are free
    kPageSource,    // mm, fs: which pages of an object are in memory
    kHeap,          // mm: the free objects of the kernel's heap
    kFrames,        // mm: the free page frames
    kProgram,       // exec: which program a process runs
    kRandom,        // fs: the state of the random numbers
    kMutex,         // sync: who has a mutex
    kTerminal,      // tty: the settings of a terminal, and the line that is being typed
    // Interrupt handlers take these too, whatever the code that they interrupt holds: they come last.
    kConsoleInput,  // dev: what the serial port has brought
    kWaitQueue,     // sync: who waits
    kTimers,        // time: the deadlines of one CPU
    kRunQueue,      // task: the threads that want one CPU
    kConsole,       // dev: whole lines to the console
    kLast,
};

// Whether the holder of such a lock may wait for other CPUs' interrupts: who spins on it with interrupts off
// may be the one that is waited for, and then both wait for ever. Debug builds check every acquisition.
constexpr bool may_await_interrupts(LockRank rank) { return rank <= LockRank::kShootdown; }

const char* name_of(LockRank rank);

}  // namespace sync
