// Contract: sched/load_average.h.
#include "sched/load_average.h"

namespace sched {

namespace {

// e to the power of -5 s/span, in parts of kOne: what a value keeps in a period.
constexpr uint64_t kKept[] = {1884, 2014, 2037};

// After so many idle periods every average is nothing.
constexpr uint64_t kLongIdle = 10'000;

}  // namespace

uint64_t LoadAverage::next_value(unsigned span, uint64_t value, uint64_t wanting) {
    const uint64_t wanted = wanting * kOne;
    uint64_t sum = value * kKept[span] + wanted * (kOne - kKept[span]);
    if (wanted >= value) sum += kOne - 1;  // rounded towards what is wanted
    return sum / kOne;
}

void LoadAverage::update(uint64_t now_ns, uint64_t wanting) {
    uint64_t next = next_ns_.load();
    if (next == kBusy || now_ns < next || !next_ns_.compare_exchange(next, kBusy)) return;
    const uint64_t missed = (now_ns - next) / kPeriodNs;
    for (unsigned span = 0; span < kSpans; span++) {
        uint64_t value = missed < kLongIdle ? values_[span].load() : 0;
        for (uint64_t i = 0; value != 0 && i < missed; i++) value = next_value(span, value, 0);
        values_[span].store(next_value(span, value, wanting));
    }
    next_ns_.store(next + (missed + 1) * kPeriodNs);
}

}  // namespace sched
