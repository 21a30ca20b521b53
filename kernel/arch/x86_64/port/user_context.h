// x86_64: the registers of a program while the kernel runs. The CPU and user_trap.S push them here as
// on a stack, user_entry.S pops them; offsets.h has the layout (static_asserts in context.cc).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "port/memory.h"

namespace arch {

// A place in a trap frame, from the lowest address up. The CPU pushes the last five (and an error code
// after some exceptions), the stub of the vector the two before them, user_trap or kernel_trap the rest.
enum FrameSlot : unsigned {
    // The arguments of a system call, in their order.
    kRdi,
    kRsi,
    kRdx,
    kR10,
    kR8,
    kR9,
    kRax,
    kRbx,
    kRbp,
    kR12,
    kR13,
    kR14,
    kR15,
    // What SYSRET takes the pc and the flags from.
    kRcx,
    kR11,
    kVectorSlot,
    kErrorCode,
    kRip,
    kCs,
    kRflags,
    kRsp,
    kSs,
    kFrameSlots
};

// The CPU aligns a stack to 16 bytes before it pushes a frame on it.
struct alignas(16) UserContext {
    uint64_t slots[kFrameSlots];
    uint64_t kernel_sp;  // where enter_user left the kernel's stack
    // Where the segments begin; in the CPU while this context's thread runs (save_resident_registers).
    uint64_t fs_base;
    uint64_t gs_base;
    // And what is in the segment registers that mean nothing in 64-bit mode, but may be loaded and read.
    uint16_t ds, es, fs, gs;

    uint64_t pc() const { return slots[kRip]; }
    void set_pc(uint64_t value) { slots[kRip] = value; }
    uint64_t sp() const { return slots[kRsp]; }
    void set_sp(uint64_t value) { slots[kRsp] = value; }
    uint64_t frame_pointer() const { return slots[kRbp]; }
    uint64_t link_register() const { return 0; }
    uint64_t thread_pointer() const { return fs_base; }
    bool set_thread_pointer(uint64_t value) {
        if (value < kUserEnd) fs_base = value;
        return value < kUserEnd;
    }
    std::span<const uint64_t> registers() const { return slots; }  // named by kRegisterNames
    std::span<uint64_t> free_registers() { return {slots, kVectorSlot}; }

    // The Linux system-call convention (syscall(2), table "Architecture calling conventions"): number
    // and result in rax, arguments in rdi, rsi, rdx, r10, r8, r9, by a `syscall` of two bytes. Linux
    // takes the number as an int.
    uint64_t call_number() const {
        return static_cast<uint64_t>(int64_t{static_cast<int32_t>(slots[kRax])});
    }
    void set_call_number(uint64_t number) { slots[kRax] = number; }
    const uint64_t* call_arguments() const { return &slots[kRdi]; }
    void set_result(int64_t value) { slots[kRax] = static_cast<uint64_t>(value); }
    int64_t result() const { return static_cast<int64_t>(slots[kRax]); }
    static constexpr unsigned kCloneThreadPointer = 4;
    static constexpr uint64_t kCallInstructionBytes = 2;
};

// context.cc
void save_resident_registers(UserContext& context);
void load_resident_registers(const UserContext& context);

// Names of registers(), for reports; every port has an array of this name.
inline constexpr const char* kRegisterNames[kFrameSlots] = {
    "rdi", "rsi", "rdx", "r10", "r8",  "r9",  "rax", "rbx", "rbp", "r12", "r13",
    "r14", "r15", "rcx", "r11", "vec", "err", "rip", "cs",  "rfl", "rsp", "ss"};

}  // namespace arch
