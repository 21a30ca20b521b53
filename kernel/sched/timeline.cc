// Contract: sched/timeline.h.
#include "sched/timeline.h"

#include <cstring>

#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "core/log.h"
#include "core/process.h"
#include "core/thread.h"
#include "core/timeline.h"
#include "mm/frames.h"

namespace sched {

namespace {

constexpr unsigned kOrder = 7;  // 2^7 frames
static_assert(arch::kPageSize << kOrder ==
              core::Timeline::kCapacity * sizeof(core::TimelineRecord));

// A thread's name, as a record has room for it: its own, or that of its program without the folders.
struct ShortName {
    uint64_t words[2] = {};

    explicit ShortName(const core::Thread& thread) {
        const task::ThreadLife& life = thread.task.life;
        lib::Text name = life.name[0] != 0 ? lib::Text{life.name} : thread.name;
        for (lib::Text rest = name; !rest.empty();) name = rest.take_until('/');
        memcpy(words, name.data(), name.size() < sizeof(words) ? name.size() : sizeof(words));
    }
};

}  // namespace

void begin_timeline(unsigned cpu) {
    const auto memory = mm::allocate_block(kOrder);
    if (!memory) return core::log("cairn: no memory for the timeline of CPU {}", cpu);
    core::timelines[cpu].records = arch::direct_map<core::TimelineRecord>(*memory);
}

void record_switch(const core::Thread& previous, const core::Thread& next) {
    const auto state = static_cast<uint64_t>(previous.sched.state);
    const int pid = previous.process != nullptr ? previous.process->pid : 0;
    core::add_to_timeline_of(previous.tid, core::Mark::kLeaves, state, static_cast<uint64_t>(pid));
    const ShortName name(next);
    core::add_to_timeline_of(next.tid, core::Mark::kRuns, 0, name.words[0], name.words[1]);
}

void record_name(const core::Thread& thread) {
    const ShortName name(thread);
    core::add_to_timeline_of(thread.tid, core::Mark::kNamed, 0, name.words[0], name.words[1]);
}

void record_ready(const core::Thread& thread, ThreadState before, uint32_t cpu) {
    const auto tid = static_cast<uint64_t>(thread.tid);
    const bool in_interrupt = arch::this_cpu()->interrupt_depth != 0;
    if (before == ThreadState::kNew) {
        core::add_to_timeline(core::Mark::kStarts, in_interrupt, tid, cpu);
    } else if (before == ThreadState::kBlocked) {
        core::add_to_timeline(core::Mark::kWakes, in_interrupt, tid, cpu);
    }
}

}  // namespace sched
