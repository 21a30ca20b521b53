// x86_64: what a function keeps for its caller. switch.S fills and empties this struct; offsets.h has the
// layout (static_asserts in context.cc). GS is not in it: it belongs to the CPU.
#pragma once
#include <cstdint>

namespace arch {

struct KernelContext {
    uint64_t rsp;  // its stack; on top of it lies the address where it goes on
    uint64_t rbx;
    uint64_t rbp;  // the frame pointer
    uint64_t r12;
    uint64_t r13;
    uint64_t r14;
    uint64_t r15;

    uint64_t pc() const { return *reinterpret_cast<const uint64_t*>(rsp); }
    uint64_t frame_pointer() const { return rbp; }
};

}  // namespace arch
