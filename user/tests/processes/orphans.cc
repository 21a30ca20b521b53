// A process whose parent dies gets another one: the nearest ancestor that asked for orphans, else init.
#include "cairn/children.h"

struct Family {
    volatile uint64_t pid, before, after, go;
};

// The middle of three generations: dies, and leaves a child that looks who its parent is now.
static int leave_orphan(Family* family) {
    start_child([=] {
        family->before = static_cast<uint64_t>(sys_getppid());
        family->pid = static_cast<uint64_t>(sys_getpid());
        await(family->go, secret(1));
        family->after = static_cast<uint64_t>(sys_getppid());
        return 8;
    });
    while (family->pid == 0) sleep_us(500);
    return 6;
}

// Makes an orphan and waits for both: what is wrong about it.
static uint64_t adopt() {
    auto* family = shared<Family>();
    long middle = start_child([=] { return leave_orphan(family); });
    uint64_t wrong = differs("end of the parent", wait_for(middle), exited(6));
    family->go = secret(1);
    int status = -1;
    wrong += differs("orphan", sys_wait4(-1, &status, 0, nullptr), static_cast<long>(family->pid));
    wrong += differs("status of the orphan", status, exited(8));
    wrong += differs("parent before", static_cast<long>(family->before), middle);
    return wrong + differs("parent after", static_cast<long>(family->after), sys_getpid());
}

TEST("An orphan's parent is the nearest subreaper, or init, and that one can wait for it.") {
    // Init gets orphans unasked; on Linux this program is another process, and asks.
    if (sys_getpid() != 1) sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    CHECK(adopt(), 0);
    CHECK(in_child([] { return sys_prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) + adopt(); }), 0);
    CHECK(sys_wait4(-1, nullptr, 0, nullptr), -ECHILD);
}
