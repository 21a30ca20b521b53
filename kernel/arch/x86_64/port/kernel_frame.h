// x86_64: what kernel_trap.S saves on the kernel stack when the kernel itself is interrupted.
#pragma once
#include <cstdint>
#include <span>

#include "port/trap.h"

namespace arch {

struct KernelFrame {
    uint64_t r[18];
    uint64_t cause;
    uint64_t value;

    uint64_t pc() const { return r[0]; }
    uint64_t sp() const { return r[7]; }
    void set_sp(uint64_t address) { r[7] = address; }
    TrapCause trap_cause() const { return {cause, value}; }
    std::span<const uint64_t> registers() const { return r; }
    uint64_t frame_pointer() const { return r[8]; }
    uint64_t link_register() const { return 0; }
};

}  // namespace arch
