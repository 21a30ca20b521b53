// The calls about one's turn on the CPU.
#include "entry/syscall.h"
#include "task/scheduler.h"

namespace task {

SYSCALL(sched_yield) {
    yield();
    return 0;
}

}  // namespace task
