// Forgetting translations: a CPU remembers what the page tables said (its TLB), so what was taken out
// of them is in use until every CPU that runs in that address space was told.
#pragma once
#include <cstddef>
#include <cstdint>

#include "arch/memory.h"
#include "lib/atomic.h"
#include "lib/cpu_set.h"
#include "lib/peak.h"

namespace mm {

using lib::CpuSet;

// Effect: the CPUs that run, which must hear of it when the kernel's own pages change. Context: any.
CpuSet online_cpus();

// Effect: no CPU in `cpus` uses what its TLB held of begin ≤ a < end when this returns. Pages of the
// kernel too. Context: interrupts on, for two CPUs may be telling each other; locks may be held that no
// interrupt handler takes.
void flush_tlb_of(CpuSet cpus, uint64_t begin, uint64_t end);

// Effect: the same for the CPUs that are in the set once all see what the caller has written to page
// tables: a CPU that enters the address space is in the set, or finds the tables as they are now.
void flush_tlb_of(const lib::Atomic<CpuSet>& cpus, uint64_t begin, uint64_t end);

// Effect: each CPU of `cpus` has been in the kernel when this returns; the program that it ran has met the
// requests from before (core::Work) when it goes on. Context: as flush_tlb_of.
void call_into_kernel(CpuSet cpus);

// Effect: each CPU of `cpus` fetches its instructions anew. Context: as flush_tlb_of.
void flush_code_of(CpuSet cpus);

// Frames that were taken out of page tables. Its end is where they are given back, after every CPU of
// the address space has forgotten them: not earlier, or a program could write into another's page.
class Unmapped {
public:
    // `cpus`: those that run in the address space; read when they are told. `resident`, if it is given,
    // counts its frames: it goes down by those that are added.
    explicit Unmapped(const lib::Atomic<CpuSet>& cpus, lib::Peak* resident = nullptr)
        : cpus_(cpus), resident_(resident) {}
    ~Unmapped() { finish(); }
    Unmapped(const Unmapped&) = delete;
    Unmapped& operator=(const Unmapped&) = delete;

    // Effect: begin ≤ a < end will be forgotten, whether frames come from there or not.
    void cover(uint64_t begin, uint64_t end);
    // Effect: takes over one reference to a frame.
    void add(arch::PhysAddr frame);
    // Effect: tells the CPUs and gives back. Context: as flush_tlb_of.
    void finish();

private:
    static constexpr size_t kMost = 64;

    void flush();

    const lib::Atomic<CpuSet>& cpus_;
    lib::Peak* const resident_;
    bool has_tables_ = false;
    uint64_t begin_ = ~0ull, end_ = 0;
    size_t count_ = 0;
    arch::PhysAddr frames_[kMost];
};

}  // namespace mm
