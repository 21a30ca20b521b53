// x86_64: what the per-CPU block holds for this CPU kind alone. Contract: arch/per_cpu.h.
#pragma once
#include <cstdint>

namespace arch {

struct Cpu;

// The task-state segment: which stacks the CPU takes when it leaves user mode, and for the exceptions
// that may come when the stack in use is no good (Intel SDM volume 3, "Task Management in 64-bit Mode").
struct [[gnu::packed]] TaskState {
    uint32_t reserved0_;
    uint64_t rsp0;  // for traps from user mode; enter_user writes it
    uint64_t rsp1_;
    uint64_t rsp2_;
    uint64_t reserved1_;
    uint64_t ist[7];  // by number - 1: double fault, NMI, machine check, unused
    uint64_t reserved2_;
    uint16_t reserved3_;
    uint16_t io_map_offset;
};
static_assert(sizeof(TaskState) == 104);

// Read by assembly through the GS segment, which has the block's address for its base.
struct CpuPort {
    Cpu* self;         // the block's own address
    uint64_t user_sp;  // of the program, while system_call_entry has no other place for it
    uint32_t padding_;
    TaskState tss;
};

}  // namespace arch
