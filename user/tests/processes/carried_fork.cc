// prctl(2), personality(2), clone(2): what a child has of what its parent said about itself.
#include "carried.h"

static uint64_t of_child() {
    const carried::All all = carried::look();
    uint64_t wrong = carried::check_kept(all) + differs("dumpable", all.dumpable, 0);
    wrong += differs("keep capabilities", all.keeps_capabilities, 1);
    wrong += differs("death signal", all.death_signal, 0);
    wrong += differs("subreaper", all.is_subreaper, 0);
    wrong += differs("name", all.name[2] == 'n', true);
    // What 0 means is what the parent had.
    wrong += differs("usual slack", carried::prctl(PR_SET_TIMERSLACK, 0), 0);
    return wrong + differs("is it", carried::prctl(PR_GET_TIMERSLACK), 77777);
}

static uint64_t of_parent() {
    const carried::All all = carried::look();
    uint64_t wrong = differs("parent's death signal", all.death_signal, SIGUSR1);
    return wrong + differs("parent is a subreaper", all.is_subreaper, 1);
}

// Whether others may look into a program's memory, all say alike who have it.
static uint64_t in_shared_memory() {
    alignas(16) static char stack[8192];
    const long child = clone_calling(
        CLONE_VM | CLONE_VFORK | SIGCHLD, stack + sizeof stack,
        [](void*) -> long { return carried::prctl(PR_SET_DUMPABLE, 0); }, nullptr, nullptr, nullptr,
        0);
    uint64_t wrong = differs("wait", wait_for(child), exited(0));
    return wrong + differs("the parent's", carried::prctl(PR_GET_DUMPABLE), 0);
}

TEST(
    "A child carries what its parent does, but for death signal and subreaper; memory says who may "
    "look.") {
    CHECK(in_child([] {
              uint64_t wrong = carried::set_all() + in_child(of_child);
              return wrong + of_parent();
          }),
          0);
    CHECK(in_child(in_shared_memory), 0);
    CHECK(carried::prctl(PR_GET_DUMPABLE), 1);
    CHECK(carried::prctl(PR_SET_KEEPCAPS, 2), -EINVAL);
    CHECK(carried::prctl(PR_CAPBSET_READ, 0), 1);
    CHECK(carried::prctl(PR_CAPBSET_READ, 4096), -EINVAL);
}
