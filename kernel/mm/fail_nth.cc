// Contract: mm/fail_nth.h.
#include "mm/fail_nth.h"

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/thread.h"

namespace mm {

bool allocation_fails() {
    core::Thread* thread = arch::this_cpu()->running;
    if (thread == nullptr || thread->memory.fail_nth == 0) [[likely]]
        return false;
    return --thread->memory.fail_nth == 0;
}

}  // namespace mm
