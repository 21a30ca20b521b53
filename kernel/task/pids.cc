// Contract: task/pids.h.
#include "task/pids.h"

namespace task {

// Taken numbers that lie side by side are stepped over one by one; but the next search begins behind them.
int PidTable::first_free(int from) const {
    const PidEntry* taken = first_not_below(from);
    while (taken != nullptr && taken->number == from) {
        from++;
        taken = next(*taken);
    }
    return from < limit_ ? from : 0;
}

Result<void> PidTable::add(PidEntry& entry) {
    int number = first_free(next_);
    if (number == 0) number = first_free(kFirstAgain);
    if (number == 0) return Errno{EAGAIN};
    entry.number = number;
    next_ = number + 1;
    tree_.insert(entry);
    return {};
}

void PidTable::remove(PidEntry& entry) { tree_.remove(entry); }

PidEntry* PidTable::find(int number) const {
    PidEntry* entry = first_not_below(number);
    return entry != nullptr && entry->number == number ? entry : nullptr;
}

PidEntry* PidTable::first_not_below(int number) const {
    return tree_.first_not_below(number < 0 ? 0 : static_cast<uint64_t>(number));
}

Result<void> PidTable::set_limit(int limit) {
    if (limit < kLeastLimit || limit > kMostLimit) return Errno{EINVAL};
    limit_ = limit;
    return {};
}

}  // namespace task
