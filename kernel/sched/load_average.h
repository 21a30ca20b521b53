// The load average (proc_loadavg(5)): how many threads want a CPU, on average over the last minute, five
// and fifteen minutes, the past weighing less and less: every five seconds the average goes a little of the
// way to what is now. A pure object, tested on the host; statistics.cc has the machine's.
#pragma once
#include <cstdint>

#include "lib/atomic.h"

namespace sched {

class LoadAverage {
public:
    static constexpr uint64_t kPeriodNs = 5'000'000'000;
    static constexpr uint64_t kOne = 1 << 11;  // averages count in so many parts
    static constexpr unsigned kSpans = 3;      // 1, 5, 15 minutes

    // Effect: takes into account that `wanting` threads want a CPU, if a period has passed since the last
    // time. Periods in which nobody asked were idle: a CPU that runs a thread ticks, and asks. Context: any,
    // several CPUs at once.
    void update(uint64_t now_ns, uint64_t wanting);
    bool is_due(uint64_t now_ns) const { return now_ns >= next_ns_.load(lib::Order::kRelaxed); }

    uint64_t value(unsigned span) const { return values_[span].load(lib::Order::kRelaxed); }

private:
    static uint64_t next_value(unsigned span, uint64_t value, uint64_t wanting);

    static constexpr uint64_t kBusy = UINT64_MAX;  // a CPU is updating

    lib::Atomic<uint64_t> next_ns_{kPeriodNs};
    lib::Atomic<uint64_t> values_[kSpans]{};
};

}  // namespace sched
