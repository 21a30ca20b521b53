// The door of lab traps: what lower floors ask of it. Closed: labs/01-traps/before.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace core {
struct Thread;
}

namespace entry {

// The memory of one stack: addresses low ≤ a < high.
struct StackBounds {
    uint64_t low;
    uint64_t high;

    // Whether `bytes` bytes at `address` lie in the stack and `address` is a multiple of 8.
    bool holds(uint64_t address, uint64_t bytes) const {
        return address % 8 == 0 && address >= low && address < high && bytes <= high - address;
    }
};

// Effect: follows the chain of frame pointers and writes the return addresses into `out`, innermost
// first; returns how many. Stops at the end of `out`, at a record outside the stack and at one that
// does not lie above the one before it: a broken chain must not hang or fault a report.
// Context: any.
size_t backtrace(uint64_t frame_pointer, StackBounds stack, std::span<uint64_t> out);

// Effect: prints registers by the port's names (registers() of a UserContext or a KernelFrame).
// Context: any.
void report_registers(std::span<const uint64_t> registers);

// Effect: this CPU takes traps from now on. Context: boot, interrupts off.
void init_traps();

// Effect: this CPU's timer ticks from now on, unless the boot arguments forbid it. Context: interrupts off.
void start_cpu_ticks();

// Effect: runs the program of `thread` until it ends. Context: the thread runs.
[[noreturn]] void run_user(core::Thread& thread);

// Effect: handles interrupts for ever. Context: a CPU that nobody needs.
[[noreturn]] void idle();

}  // namespace entry
