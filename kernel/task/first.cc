// The first process, which the boot makes and loads. Contract: task/door.h.
#include "core/current.h"
#include "core/panic.h"
#include "entry/door.h"
#include "lib/make.h"
#include "sched/scheduler.h"
#include "task/family.h"

namespace task {

core::Thread& first_thread() {
    core::Thread* thread = MUST(sched::make_thread(MUST(lib::make_ref<core::Process>()),
                                                   [] { entry::run_user(core::current()); }));
    MUST(establish_family(*thread));
    return *thread;
}

void run_first_thread(core::Thread& thread) {
    sched::start_thread(thread);
    sched::idle();
}

}  // namespace task
