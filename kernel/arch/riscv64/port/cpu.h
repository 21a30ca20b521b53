// riscv64: single instructions that the rest of the kernel needs by name. Contract: arch/cpu.h.
#pragma once
#include <cstdint>

namespace arch {

struct Cpu;

// The operand in memory (any will do) is not used, but behind every call it may have changed, so tp is
// read again: the thread may have slept there and be on another CPU now.
inline Cpu* this_cpu() {
    Cpu* cpu;
    asm("mv %0, tp" : "=r"(cpu) : "m"(*reinterpret_cast<Cpu* const*>(8)));
    return cpu;
}

inline constexpr uint64_t kStatusInterruptEnable = 0x2;  // sstatus.SIE

inline bool interrupts_enabled() {
    uint64_t status;
    asm volatile("csrr %0, sstatus" : "=r"(status));
    return (status & kStatusInterruptEnable) != 0;
}
inline void enable_interrupts() { asm volatile("csrsi sstatus, 2" ::: "memory"); }
inline void disable_interrupts() { asm volatile("csrci sstatus, 2" ::: "memory"); }

// One instruction, so that an interrupt cannot come between the test and the change.
inline bool disable_interrupts_and_tell() {
    uint64_t status;
    asm volatile("csrrci %0, sstatus, 2" : "=r"(status)::"memory");
    return (status & kStatusInterruptEnable) != 0;
}

// wfi returns when an interrupt is pending, even a disabled one (privileged specification, "Wait for
// Interrupt"): call it with interrupts off after looking for work, then enable them.
inline void wait_for_interrupt() { asm volatile("wfi" ::: "memory"); }

inline void pause_cpu() { asm volatile(".4byte 0x0100000f"); }  // the pause hint of Zihintpause

inline uint64_t read_clock() {
    uint64_t ticks;
    asm volatile("csrr %0, time" : "=r"(ticks));
    return ticks;
}

// A function that keeps a frame pointer leaves two words below the address in it (the RISC-V calling
// convention's frame record): the caller's frame pointer, then the return address.
inline constexpr int64_t kFrameRecordOffset = -16;

inline uint64_t frame_pointer() { return reinterpret_cast<uint64_t>(__builtin_frame_address(0)); }

}  // namespace arch
