// riscv64: what a function keeps for its caller. switch.S fills and empties this struct; offsets.h has
// the layout (static_asserts in context.cc). tp is not in it: it belongs to the CPU.
#pragma once
#include <cstdint>

namespace arch {

struct KernelContext {
    uint64_t ra;     // where it goes on
    uint64_t sp;     // its stack
    uint64_t s[12];  // s0, the frame pointer, to s11

    uint64_t pc() const { return ra; }
    uint64_t frame_pointer() const { return s[0]; }
};

}  // namespace arch
