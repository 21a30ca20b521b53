// After sched_setaffinity(2) has returned, the program runs on no other CPU: neither the caller's own nor
// another's, wherever the kernel is with it at that moment.
#include "cairn/children.h"

namespace {

// What all see. `told` is 0 while the mask of the child that is moved is being changed, else the mask and,
// above it, how often it was changed.
struct Shared {
    volatile uint64_t told, looks, wrong;
};
Shared* seen;
uint64_t all;  // CPUs

unsigned this_cpu() {
    unsigned cpu = 63;
    system_call(__NR_getcpu, reinterpret_cast<long>(&cpu), 0, 0, 0, 0, 0);
    return cpu;
}

uint64_t draw_mask(uint64_t number) {
    uint64_t mask = secret(number) & all & 0xf;
    return mask != 0 ? mask : all & -all;
}

void count_wrong() { __atomic_fetch_add(&seen->wrong, 1, __ATOMIC_SEQ_CST); }

int move_oneself(uint64_t first, uint64_t rounds) {
    for (uint64_t i = first; i < first + rounds; i++) {
        uint64_t mask = draw_mask(i);
        if (sys_sched_setaffinity(0, sizeof mask, &mask) != 0) count_wrong();
        if ((mask >> this_cpu() & 1) == 0) count_wrong();
    }
    return 0;
}

// What it was told before it looked, and is still told, must be so.
[[noreturn]] void look_for_ever() {
    for (;;) {
        uint64_t told = seen->told;
        unsigned cpu = this_cpu();
        if (told == 0 || seen->told != told) continue;
        if ((told >> cpu & 1) == 0) count_wrong();
        seen->looks = seen->looks + 1;
    }
}

uint64_t move_another(uint64_t rounds) {
    uint64_t wrong = 0;
    long pid = start_child([] {
        look_for_ever();
        return 0;
    });
    for (uint64_t i = 1; i <= rounds; i++) {
        uint64_t mask = draw_mask(i);
        seen->told = 0;
        wrong += sys_sched_setaffinity(static_cast<int>(pid), sizeof mask, &mask) != 0;
        uint64_t looks = seen->looks;
        seen->told = i << 8 | mask;
        while (seen->looks < looks + 2) sys_sched_yield();
    }
    wrong += differs("looker", sys_kill(static_cast<int>(pid), SIGKILL) + wait_for(pid),
                     killed_by(SIGKILL));
    return wrong;
}

}  // namespace

TEST("After sched_setaffinity has returned nobody runs on a CPU that the mask forbids.") {
    uint64_t rounds = argument_number(1, 400), masks[16] = {}, wrong = 0;
    seen = shared<Shared>();
    CHECK_THAT(sys_sched_getaffinity(0, sizeof masks, masks) > 0);
    all = masks[0];
    long pids[6];
    for (uint64_t i = 0; i < 6; i++) {
        pids[i] = start_child([=] { return move_oneself(i * rounds, rounds); });
    }
    wrong += move_another(rounds / 4);
    for (long pid : pids) wrong += differs("mover", wait_for(pid), exited(0));
    CHECK(wrong, 0);
    CHECK(seen->wrong, 0);
}
