// x86_64: the registers of a program while the kernel runs.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace arch {

struct UserContext {
    uint64_t r[18];
    uint64_t arguments[6];

    uint64_t pc() const { return r[0]; }
    void set_pc(uint64_t value) { r[0] = value; }
    uint64_t sp() const { return r[7]; }
    void set_sp(uint64_t value) { r[7] = value; }
    uint64_t frame_pointer() const { return r[8]; }
    uint64_t link_register() const { return 0; }
    std::span<uint64_t> registers() { return r; }
    std::span<const uint64_t> registers() const { return r; }
    uint64_t call_number() const { return r[1]; }
    void set_call_number(uint64_t number) { r[1] = number; }
    const uint64_t* call_arguments() const { return arguments; }
    void set_result(int64_t value) { r[1] = static_cast<uint64_t>(value); }
    int64_t result() const { return static_cast<int64_t>(r[1]); }
    static constexpr uint64_t kCallInstructionBytes = 0;
};

struct FpuState {
    alignas(64) uint8_t bytes[1024];
};

inline constexpr const char* kRegisterNames[18] = {"rip", "rax", "rbx", "rcx", "rdx", "rsi",
                                                   "rdi", "rsp", "rbp", "r8",  "r9",  "r10",
                                                   "r11", "r12", "r13", "r14", "r15", "rfl"};

}  // namespace arch
