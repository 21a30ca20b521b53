// riscv64: the registers of a program while the kernel runs. user_trap.S fills this struct and
// user_entry.S empties it, so its layout is fixed by offsets.h (static_asserts in context.cc).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace arch {

struct UserContext {
    // x[i] is register xi; x0 is always zero in hardware, so its slot holds the pc.
    uint64_t x[32];
    uint64_t status;     // sstatus: FS tells whether the FPU registers were written
    uint64_t kernel_sp;  // where enter_user left the kernel's stack
    uint64_t kernel_tp;  // and the per-CPU block

    uint64_t pc() const { return x[0]; }
    void set_pc(uint64_t value) { x[0] = value; }
    uint64_t sp() const { return x[2]; }
    void set_sp(uint64_t value) { x[2] = value; }
    uint64_t frame_pointer() const { return x[8]; }
    uint64_t link_register() const { return x[1]; }
    uint64_t thread_pointer() const { return x[4]; }
    bool set_thread_pointer(uint64_t value) {
        x[4] = value;
        return true;
    }
    std::span<const uint64_t> registers() const { return x; }  // named by kRegisterNames
    std::span<uint64_t> free_registers() { return x; }

    // The Linux system-call convention (syscall(2), table "Architecture calling conventions"):
    // number in a7, arguments in a0..a5, result in a0, by an ecall of four bytes.
    uint64_t call_number() const { return x[17]; }
    void set_call_number(uint64_t number) { x[17] = number; }
    const uint64_t* call_arguments() const { return &x[10]; }
    void set_result(int64_t value) { x[10] = static_cast<uint64_t>(value); }
    int64_t result() const { return static_cast<int64_t>(x[10]); }
    static constexpr unsigned kCloneThreadPointer = 3;
    static constexpr uint64_t kCallInstructionBytes = 4;
};

// There are none: the kernel uses all registers but those of the FPU.
inline void save_resident_registers(UserContext&) {}
inline void load_resident_registers(const UserContext&) {}

// Names of registers(), for reports; every port has an array of this name.
inline constexpr const char* kRegisterNames[32] = {
    "pc", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
    "a1", "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

}  // namespace arch
