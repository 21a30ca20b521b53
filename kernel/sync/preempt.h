// The preempt count: while it is not zero, this CPU keeps running what it runs. Context: any.
#pragma once
#include "arch/cpu.h"
#include "arch/per_cpu.h"

namespace sync {

inline void disable_preemption() { arch::this_cpu()->preempt_count++; }
inline void enable_preemption() { arch::this_cpu()->preempt_count--; }

// For what belongs to a CPU and is used by it alone.
class PreemptGuard {
public:
    PreemptGuard() { disable_preemption(); }
    ~PreemptGuard() { enable_preemption(); }
    PreemptGuard(const PreemptGuard&) = delete;
    PreemptGuard& operator=(const PreemptGuard&) = delete;
};

}  // namespace sync
