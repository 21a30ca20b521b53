// Contract: core/timeline.h. The rings' memory comes from whoever has some (sched/timeline.cc); before that,
// and in a kernel that has none to give, records are dropped.
#include "core/timeline.h"

#include "arch/cpu.h"
#include "core/clock.h"
#include "core/thread.h"

namespace core {

constinit Timeline timelines[arch::kMaxCpus] = {};
bool timeline_is_on = false;

void add_to_timeline(Mark mark, uint64_t detail, uint64_t a, uint64_t b) {
    arch::InterruptGuard interrupts;
    const Thread* running = arch::this_cpu()->running;
    if (running != nullptr) add_to_timeline_of(running->tid, mark, detail, a, b);
}

// The record counts when it is whole: the machine may be stopped at any instruction, and be read.
void add_to_timeline_of(int tid, Mark mark, uint64_t detail, uint64_t a, uint64_t b) {
    arch::InterruptGuard interrupts;
    const unsigned cpu = arch::this_cpu()->index;
    Timeline& timeline = timelines[cpu];
    if (timeline.records == nullptr) return;
    const uint16_t short_detail = detail < 0xffff ? static_cast<uint16_t>(detail) : 0xffff;
    const uint64_t count = timeline.count.load(lib::Order::kRelaxed);
    timeline.records[count % Timeline::kCapacity] = {
        now_ns(), tid, mark, static_cast<uint8_t>(cpu), short_detail, a, b};
    timeline.count.store(count + 1, lib::Order::kRelease);
}

}  // namespace core
