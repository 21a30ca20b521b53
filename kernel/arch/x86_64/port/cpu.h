// x86_64: single instructions that the rest of the kernel needs by name. Contract: arch/cpu.h.
#pragma once
#include <cstdint>

#include "arch/x86_64/offsets.h"

namespace arch {

struct Cpu;

// The GS segment begins at the per-CPU block, which holds its own address. As an operand in memory, it is
// read again behind every call: the thread may have slept there and be on another CPU now.
inline Cpu* this_cpu() {
    Cpu* cpu;
    asm("movq %%gs:%1, %0" : "=r"(cpu) : "m"(*reinterpret_cast<Cpu* const*>(CPU_SELF)));
    return cpu;
}

inline constexpr uint64_t kFlagInterruptEnable = 0x200;  // RFLAGS.IF

inline uint64_t read_flags() {
    uint64_t flags;
    asm volatile("pushfq; popq %0" : "=r"(flags)::"memory");
    return flags;
}

inline bool interrupts_enabled() { return (read_flags() & kFlagInterruptEnable) != 0; }
inline void enable_interrupts() { asm volatile("sti" ::: "memory"); }
inline void disable_interrupts() { asm volatile("cli" ::: "memory"); }

// Two steps, but nothing can come between them that matters: an interrupt leaves the flag as it was.
inline bool disable_interrupts_and_tell() {
    const bool were_enabled = interrupts_enabled();
    disable_interrupts();
    return were_enabled;
}

// hlt sleeps until an interrupt that it may take. sti delays interrupts by one instruction, so one
// that is pending cannot slip in between the two and leave hlt to wait for the next.
inline void wait_for_interrupt() { asm volatile("sti; hlt; cli" ::: "memory"); }

inline void pause_cpu() { asm volatile("pause"); }

inline uint64_t read_clock() {
    uint32_t low;
    uint32_t high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return uint64_t{high} << 32 | low;
}

// A function that keeps a frame pointer has pushed the caller's, behind the return address (System V
// ABI, AMD64 supplement, "The Stack Frame"): the frame pointer is the address of the record.
inline constexpr int64_t kFrameRecordOffset = 0;

inline uint64_t frame_pointer() { return reinterpret_cast<uint64_t>(__builtin_frame_address(0)); }

}  // namespace arch
