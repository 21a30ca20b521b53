// arch_prctl(2), fork(2): the bases of FS and GS are in the CPU, and only there, until the thread leaves it.
#include <asm/prctl.h>

#include "cairn/children.h"

static long set_base(int which, uint64_t address) {
    return system_call(__NR_arch_prctl, which, static_cast<long>(address), 0, 0, 0, 0);
}

static uint64_t base_of(int which) {
    uint64_t address = 0;
    set_base(which, reinterpret_cast<uintptr_t>(&address));
    return address;
}

static uint64_t at_fs() {
    uint64_t word;
    asm volatile("movq %%fs:0, %0" : "=r"(word));
    return word;
}

static uint64_t at_gs() {
    uint64_t word;
    asm volatile("movq %%gs:0, %0" : "=r"(word));
    return word;
}

// What a child sees that is made just after its parent has set a base.
static uint64_t child_differs(uint64_t place, uint64_t word) {
    return in_child([=] {
        return differs("FS", static_cast<long>(base_of(ARCH_GET_FS)), static_cast<long>(place)) +
               differs("GS", static_cast<long>(base_of(ARCH_GET_GS)),
                       static_cast<long>(place + 8)) +
               differs("at FS", static_cast<long>(at_fs()), static_cast<long>(word)) +
               differs("at GS", static_cast<long>(at_gs()), static_cast<long>(~word));
    });
}

TEST("A child's FS and GS begin where its parent's do at the moment of the fork.") {
    static volatile uint64_t words[32];
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < 16; i++) {
        uint64_t place = reinterpret_cast<uintptr_t>(&words[2 * i]);
        words[2 * i] = secret(i);
        words[2 * i + 1] = ~secret(i);
        wrong += set_base(ARCH_SET_FS, place) != 0;
        wrong += set_base(ARCH_SET_GS, place + 8) != 0;
        wrong += child_differs(place, secret(i));
        wrong += at_fs() != secret(i) || at_gs() != ~secret(i);
    }
    CHECK(wrong, 0);
}
