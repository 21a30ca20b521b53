// The status of a child that a signal ended: the number of the signal, in the lowest seven bits.
#include "cairn/children.h"

TEST("A child ended by SIGKILL or by a memory fault has the signal's number as its status.") {
    CHECK(limit_to(RLIMIT_CORE, 0), 0);  // with a core file the status would have bit 7
    auto* ready = shared<volatile uint64_t>();
    long child = start_child([=] {
        *ready = secret(0);
        for (;;) sleep_us(100000);
        return 0;
    });
    await(*ready, secret(0));
    CHECK(sys_kill(static_cast<int>(child), SIGKILL), 0);
    CHECK(wait_for(child), killed_by(SIGKILL));
    // One that spins, and one that was never asked.
    child = start_child([=] {
        for (;;) *ready = secret(1);
        return 0;
    });
    await(*ready, secret(1));
    CHECK(sys_kill(static_cast<int>(child), SIGKILL), 0);
    CHECK(wait_for(child), killed_by(SIGKILL));
    CHECK(wait_for(start_child([] { return static_cast<int>(*at(secret(2) % PAGE & ~7ul)); })),
          killed_by(SIGSEGV));
    CHECK(wait_for(start_child([] { return sys_kill(static_cast<int>(sys_getpid()), SIGKILL); })),
          killed_by(SIGKILL));
}
