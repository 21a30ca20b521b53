// riscv64: what kernel_trap.S saves on the kernel stack when the kernel itself is interrupted.
#pragma once
#include <cstdint>
#include <span>

#include "port/trap.h"

namespace arch {

struct KernelFrame {
    uint64_t x[32];  // x[0] holds the pc
    uint64_t status;
    uint64_t cause;
    uint64_t value;
    uint64_t padding_;

    uint64_t pc() const { return x[0]; }
    uint64_t sp() const { return x[2]; }
    void set_sp(uint64_t address) { x[2] = address; }
    TrapCause trap_cause() const { return {cause, value}; }
    std::span<const uint64_t> registers() const { return x; }  // named by kRegisterNames
    uint64_t frame_pointer() const { return x[8]; }
    uint64_t link_register() const { return x[1]; }
};

}  // namespace arch
