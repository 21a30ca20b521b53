// What the boot and the loader of programs ask of memory, whoever provides it: lab paging, or before
// it the stand-in with one fixed window (labs/02-paging/before).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "lib/byte_reader.h"
#include "lib/result.h"
#include "mm/phys_range.h"

namespace core {
struct Thread;
}

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

// Effect: `thread` gets user memory with nothing in it. `seed` draws the layout. ENOMEM.
Result<ProgramLayout> make_program_memory(core::Thread& thread, uint64_t seed);

// What a program may do with a segment of itself (ELF: p_flags).
struct SegmentAccess {
    bool read, write, execute;
};

// Effect: addresses begin ≤ a < begin + size are the program's; `contents` stand at the beginning,
// zeros behind them. Addresses need not be multiples of a page. ENOMEM if the address is not one that
// a program can have or is taken, or memory is out.
Result<void> add_program_segment(core::Thread& thread, ProgramLayout& layout, uint64_t begin,
                                 uint64_t size, SegmentAccess access, lib::Bytes contents);

// Effect: the stack's addresses are the program's, `bytes` (whole pages) of them at once, more as Linux grows
// stacks. Call once, after the segments; heap and other mappings keep clear of both. ENOMEM.
Result<void> add_program_stack(core::Thread& thread, const ProgramLayout& layout, uint64_t bytes);

// Effect: copies `bytes` to the program's memory. EFAULT if they do not lie in it.
Result<void> write_program_memory(core::Thread& thread, uint64_t address, lib::Bytes bytes);

}  // namespace mm
