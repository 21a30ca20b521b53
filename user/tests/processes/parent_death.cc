// PR_SET_PDEATHSIG: a signal when the parent dies.
#include "cairn/children.h"

struct Family {
    volatile uint64_t ready, go;
    volatile int asked, other;
};

static int have_two_children(Family* family) {
    family->asked = static_cast<int>(start_child([=] {
        sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        family->ready = secret(0);
        for (;;) sleep_us(1000000);
        return 1;
    }));
    family->other = static_cast<int>(start_child([=] {
        await(family->go, secret(1));
        return 21;
    }));
    await(family->ready, secret(0));
    return 6;
}

TEST("A process that asked for it gets its signal when its parent ends, and no other does.") {
    if (sys_getpid() != 1) sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    auto* family = shared<Family>();
    CHECK(wait_for(start_child([=] { return have_two_children(family); })), exited(6));
    CHECK(wait_for(family->asked), killed_by(SIGKILL));
    CHECK(sys_kill(family->other, 0), 0);
    family->go = secret(1);
    CHECK(wait_for(family->other), exited(21));
}
