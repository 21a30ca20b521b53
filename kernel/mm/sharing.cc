// The memory of a thread that ends, or that begins another program. Contract: mm/door.h.
#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/thread.h"
#include "mm/address_space.h"
#include "mm/door.h"
#include "mm/thread_memory.h"
#include "sync/preempt.h"

namespace mm {

uint64_t most_resident_bytes(const core::Thread& thread) {
    sync::SpinGuard guard(thread_memory_lock);
    return most_resident_pages(thread.memory) * arch::kPageSize;
}

RefPtr<AddressSpace> share_memory(const core::Thread& thread) {
    sync::SpinGuard guard(thread_memory_lock);
    if (thread.memory.space == nullptr) return {};
    return RefPtr<AddressSpace>(*thread.memory.space);
}

void drop_memory(core::Thread& thread) {
    if (thread.memory.space == nullptr) return;
    RefPtr<AddressSpace> last;  // dies when this CPU may be taken from the thread: it may be large
    // Nobody else runs here while the CPU still translates by memory that is no thread's. Interrupts stay
    // on: the locks' holders may be waiting until this CPU has forgotten something (shootdown.h).
    const sync::PreemptGuard guard;
    last = exchange_space(thread, {});
    if (arch::this_cpu()->running == &thread) last->leave();
}

bool is_dumpable(const core::Thread& thread) {
    sync::SpinGuard guard(thread_memory_lock);
    return thread.memory.space == nullptr || thread.memory.space->is_dumpable();
}

void set_dumpable(core::Thread& thread, bool is_dumpable) {
    if (thread.memory.space != nullptr) thread.memory.space->set_dumpable(is_dumpable);
}

bool shares_memory(const core::Thread& thread) {
    if (thread.memory.space == nullptr) return false;
    RefPtr<AddressSpace> space = lib::adopt_ref(thread.memory.space);
    const bool is_shared = !space.is_only_owner();
    static_cast<void>(space.release());  // the thread's still
    return is_shared;
}

}  // namespace mm
