// The memory of a thread that ends, or that begins another program. Contract: mm/door.h.
#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/thread.h"
#include "mm/address_space.h"
#include "mm/door.h"

namespace mm {

void drop_memory(core::Thread& thread) {
    if (thread.memory.space == nullptr) return;
    RefPtr<AddressSpace> last;  // dies with interrupts on: it may be large
    const arch::InterruptGuard guard;
    last = lib::adopt_ref(std::exchange(thread.memory.space, nullptr));
    if (arch::this_cpu()->running == &thread) last->leave();
}

bool shares_memory(const core::Thread& thread) {
    if (thread.memory.space == nullptr) return false;
    RefPtr<AddressSpace> space = lib::adopt_ref(thread.memory.space);
    const bool is_shared = !space.is_only_owner();
    static_cast<void>(space.release());  // the thread's still
    return is_shared;
}

}  // namespace mm
