// The first process, which the boot makes and loads. Contract: task/door.h.
#include "core/current.h"
#include "core/panic.h"
#include "entry/door.h"
#include "lib/make.h"
#include "task/family.h"
#include "task/scheduler.h"

namespace task {

core::Thread& first_thread() {
    core::Thread* thread = MUST(make_thread(MUST(lib::make_ref<core::Process>()),
                                            [] { entry::run_user(core::current()); }));
    MUST(found_family(*thread));
    return *thread;
}

void run_first_thread(core::Thread& thread) {
    start_thread(thread);
    idle();
}

}  // namespace task
