// What the boot and the loader of programs ask of memory, whoever provides it: lab paging, or before
// it the stand-in with one fixed window (labs/02-paging/before).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "lib/byte_reader.h"
#include "lib/result.h"
#include "mm/door.h"
#include "mm/phys_range.h"

namespace core {
struct Limits;
struct Thread;
}  // namespace core

namespace mm {

// Effect: `ram` without `reserved` is ours to give away; false if it is too little to run a program.
// Context: boot. The spans are copied.
bool init_memory(PhysRange ram, std::span<const PhysRange> reserved);

// Where a program may be laid, and how far it is laid.
struct ProgramLayout {
    uint64_t free_base;         // for one that may lie anywhere
    uint64_t stack_end;         // its stack grows down from here
    uint64_t segments_end = 0;  // the highest byte yet, up to a whole page
};

// What a program may do with a segment of itself (ELF: p_flags).
struct SegmentAccess {
    bool read, write, execute;
};

// The memory of a program that is being loaded. It is a value that only its loader sees: everything that
// can fail happens here, and an error leaves every thread as it was. exchange_memory() then gives it to a
// thread. Context of all of it: may sleep, no lock held; its end gives back what it holds.
//
//     make_program_memory ─► add_segment … add_stack, write … ─► exchange_memory ─► the old memory's end
struct ProgramMemory {
    ProgramMemory(const core::Limits& its_limits, ProgramLayout its_layout);
    ProgramMemory(ProgramMemory&& other);
    ProgramMemory& operator=(ProgramMemory&& other);
    ~ProgramMemory();

    // Effect: addresses begin ≤ a < begin + size are the program's; `contents` stand at the beginning,
    // zeros behind them. Addresses need not be multiples of a page. ENOMEM if the address is not one that
    // a program can have or is taken, or memory is out.
    Result<void> add_segment(uint64_t begin, uint64_t size, SegmentAccess access,
                             lib::Bytes contents);

    // Effect: the stack's addresses are the program's, `bytes` (whole pages) of them at once, more as Linux
    // grows stacks. Call once, after the segments; heap and other mappings keep clear of both. ENOMEM.
    Result<void> add_stack(uint64_t bytes);

    // Effect: copies `bytes`, which the kernel holds, to the program's memory. EFAULT if they do not lie
    // in it.
    Result<void> write(uint64_t address, lib::Bytes bytes);

    ProgramSpace space;
    ProgramLayout layout;
    const core::Limits* limits;  // of the process that will have it
};

// Effect: user memory with nothing in it. `seed` draws the layout. ENOMEM.
Result<ProgramMemory> make_program_memory(const core::Limits& limits, uint64_t seed);

// Effect: `thread` has `memory`, this CPU translates by it, and CPUs execute what was written to it.
// `memory` is what the thread had before, if it had any. It cannot fail. Context: the thread itself, or
// boot; interrupts on, no lock held.
void exchange_memory(core::Thread& thread, ProgramMemory& memory);

}  // namespace mm
