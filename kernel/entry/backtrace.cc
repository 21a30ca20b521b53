// Who called whom: the chain of frame pointers, read without trusting it. Contract: entry/door.h.
// Called by panics (core/panic.cc).
#include "arch/cpu.h"
#include "entry/door.h"
#include "lib/todo.h"

namespace entry {

// The kernel is built with frame pointers: each function's frame pointer leads to a FrameRecord at
// kFrameRecordOffset from it, which holds the caller's frame pointer and the return address. The
// caller's record lies above, for stacks grow down; the outermost has a frame pointer of 0.
//
//     frame pointer ──►┌──────────────────┐  higher addresses
//                      │ return address   │ ┐ FrameRecord (riscv64: at -16;
//                      │ previous         │ ┘ the port says so)
//                      │ locals …         │
//
// ROOM traps.1 begin: backtrace
size_t backtrace(uint64_t frame_pointer, StackBounds stack, std::span<uint64_t> out) {
    size_t count = 0;
    while (count < out.size()) {
        const uint64_t address = frame_pointer + arch::kFrameRecordOffset;
        if (!stack.holds(address, sizeof(arch::FrameRecord))) break;
        const auto& record = *reinterpret_cast<const arch::FrameRecord*>(address);
        out[count++] = record.return_address;
        if (record.previous <= frame_pointer) break;
        frame_pointer = record.previous;
    }
    return count;
}
// ROOM traps.1 end

}  // namespace entry
