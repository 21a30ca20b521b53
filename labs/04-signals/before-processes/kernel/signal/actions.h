// What a process does about each signal (sigaction(2)). It is stored as the program gave it.
#pragma once
#include <asm/signal.h>

#include "abi/signal.h"
#include "lib/ref_ptr.h"
#include "lib/result.h"
#include "sync/spinlock.h"

namespace core {
struct Process;
}

namespace signal {

using abi::kMostSignals;

constexpr bool is_signal(int number) { return number >= 1 && number <= kMostSignals; }
constexpr uint64_t bit_of(int number) { return uint64_t{1} << (number - 1); }

enum class Effect : uint8_t { kEnds, kNothing };

class Actions : public lib::RefCounted<Actions> {
public:
    Actions() = default;

    Result<RefPtr<Actions>> clone() const;

    struct sigaction get(int number) const;
    void set(int number, const struct sigaction& action);
    void forget_handlers();

    // What comes of a signal: a handler cannot run, so a signal that has one does nothing.
    Effect effect_of(int number) const;
    bool ignores(int number) const;

private:
    mutable sync::SpinLock lock_{sync::LockRank::kSignals};
    struct sigaction actions_[kMostSignals] GUARDED_BY(lock_) = {};
};

// A copy of a process's actions, for it alone; none: the usual. ENOMEM.
Result<RefPtr<Actions>> copy_actions(const core::Process& process);
// Effect: a process that runs has these actions (execve(2)); those from before are returned. Context: takes
// task's family lock.
RefPtr<Actions> exchange_actions(core::Process& process, RefPtr<Actions> actions);

}  // namespace signal
