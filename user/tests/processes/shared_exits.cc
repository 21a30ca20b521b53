// Processes that share their memory end while another one changes its mappings: the CPUs that end wait
// for locks whose holder waits until all CPUs have forgotten a page.
#include "cairn/children.h"

namespace {

constexpr uint64_t kPages = 16, kEnders = 2;

alignas(16) uint8_t stacks[1 + kEnders][8192];
volatile uint64_t area, stop, changes;

long change_for_ever(void*) {
    for (uint64_t i = 1; stop == 0; i++) {
        sys_mprotect(area, kPages * PAGE, PROT_READ);
        sys_mprotect(area, kPages * PAGE, READ_WRITE);
        *at(area + i % kPages * PAGE) = i;
        changes = i;
    }
    return 0;
}

long end_at_once(void*) { return 0; }

long start(uint64_t which, long (*body)(void*)) {
    return clone_calling(CLONE_VM | SIGCHLD, stacks[which] + sizeof stacks[which], body, nullptr,
                         nullptr, nullptr, 0);
}

}  // namespace

TEST(
    "Processes that share their memory end while another one changes it, and all come to their "
    "ends.") {
    uint64_t wrong = 0;
    area = map_memory(kPages * PAGE);
    long changer = start(0, change_for_ever);
    while (changes == 0) sys_sched_yield();
    for (uint64_t round = 0; round < argument_number(1, 12); round++) {
        long enders[kEnders];
        for (uint64_t i = 0; i < kEnders; i++) enders[i] = start(1 + i, end_at_once);
        for (long pid : enders) wrong += differs("ender", wait_for(pid), exited(0));
    }
    stop = 1;
    wrong += differs("changer", wait_for(changer), exited(0));
    CHECK(wrong, 0);
}
