// vfork(2): the child borrows the parent's memory, and the parent sleeps until it is given back.
#include "cairn/children.h"

static uint8_t stack[8192];
static volatile uint64_t order;

static long live(void* argument) {
    sleep_us(30000);  // long enough for a parent that does not wait
    order = order * 10 + reinterpret_cast<uint64_t>(argument);
    return 5;
}

static long die(void*) {
    order = order * 10 + 3;
    sys_kill(static_cast<int>(sys_getpid()), SIGKILL);
    return 1;
}

static long vfork_calling(long (*body)(void*), uint64_t argument) {
    return clone_calling(CLONE_VM | CLONE_VFORK | SIGCHLD, stack + sizeof stack, body,
                         reinterpret_cast<void*>(argument), nullptr, nullptr, 0);
}

TEST("The parent of a vfork goes on only when the child has exited or was killed.") {
    long child = vfork_calling(live, 1);
    order = order * 10 + 2;
    CHECK(order, 12);  // written by the child into the parent's memory, and before it
    CHECK(wait_for(child), exited(5));
    child = vfork_calling(die, 0);
    order = order * 10 + 4;
    CHECK(order, 1234);
    CHECK(wait_for(child), killed_by(SIGKILL));
    // CLONE_VFORK alone: it waits, too, but memory is a copy.
    auto* seen = shared<volatile uint64_t>();
    child = sys_clone(CLONE_VFORK | SIGCHLD, nullptr, nullptr, nullptr, 0);
    if (child == 0) {
        sleep_us(30000);
        order = 0;
        *seen = secret(0);
        for (;;) sys_exit_group(6);
    }
    CHECK(*seen, secret(0));
    CHECK(order, 1234);
    CHECK(wait_for(child), exited(6));
}
