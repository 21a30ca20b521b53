// Contract: sync/mutex.h.
#include "sync/mutex.h"

#include "arch/cpu.h"

namespace sync {

void Mutex::acquire() {
    while (is_taken_.exchange(1, lib::Order::kAcquire) != 0) arch::pause_cpu();
}

void Mutex::release() { is_taken_.store(0, lib::Order::kRelease); }

}  // namespace sync
