// The timeline: what each CPU did, and when, as records in a ring of its own: the oldest make room for the
// newest. `trace=timeline` on the kernel's command line asks for it. Nobody in the kernel reads it: the
// host finds it in the machine's memory when that stands (`make trace`, tools/tracekit/rings.py).
#pragma once
#include <cstddef>
#include <cstdint>

#include "arch/per_cpu.h"
#include "lib/atomic.h"

namespace core {

// What a record tells of, and what its words mean then. What begins ends on the same thread.
enum class Mark : uint8_t {
    kNothing,
    kCallBegins,       // a system call: detail its number, a and b its first two arguments
    kCallEnds,         // detail its number, a its result; not for calls that do not return
    kInterruptBegins,  // detail an entry::Action; whoever was interrupted
    kFaultBegins,  // a program's: detail an arch::Event, a the pc, b the address that was touched
    kTrapEnds,     // either is handled; what it led to may be still to come
    kLeaves,       // the thread gives the CPU away: detail its sched::ThreadState, a its pid
    kRuns,         // the thread has the CPU: a and b are its name, up to 16 bytes
    kNamed,        // its name is another from now on: a and b
    kStarts,       // the thread has made a new one ready to run: a its tid, b on which CPU
    kWakes,        // it has woken one: a, b the same; detail 1: an interrupt handler did
};

struct TimelineRecord {
    uint64_t time_ns;
    int32_t tid;  // of the thread that ran then; 0: a CPU's idle thread
    Mark mark;
    uint8_t cpu;
    uint16_t detail;
    uint64_t a;
    uint64_t b;
};
static_assert(sizeof(TimelineRecord) == 32);

// One CPU's. Only that CPU writes it, with interrupts off.
struct Timeline {
    static constexpr size_t kCapacity = 16384;

    TimelineRecord* records = nullptr;  // room for kCapacity of them, or none: nothing is kept
    lib::Atomic<uint64_t> count{0};     // ever written: the next one's place is count % kCapacity
};

extern Timeline timelines[arch::kMaxCpus];

// Whether anybody has asked for it; looked at before each record, for there is hardly ever one to write.
// Changes at boot only.
extern bool timeline_is_on;

// Effect: a record of what the thread that runs does now. Context: any, but this CPU has a thread.
void add_to_timeline(Mark mark, uint64_t detail, uint64_t a = 0, uint64_t b = 0);

// Effect: the same, of another thread: at a switch.
void add_to_timeline_of(int tid, Mark mark, uint64_t detail, uint64_t a = 0, uint64_t b = 0);

}  // namespace core
