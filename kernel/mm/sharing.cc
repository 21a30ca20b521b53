// The memory of a thread that ends, or that begins another program. Contract: mm/door.h.
#include "arch/cpu.h"
#include "core/thread.h"
#include "mm/address_space.h"
#include "mm/door.h"

namespace mm {

void drop_memory(core::Thread& thread) {
    if (thread.memory.space == nullptr) return;
    RefPtr<AddressSpace> last;  // dies with interrupts on: it may be large
    const arch::InterruptGuard guard;
    last = lib::adopt_ref(std::exchange(thread.memory.space, nullptr));
    last->leave();
}

}  // namespace mm
