// fork(2), sched_yield(2): what a program loads into DS and ES is in the CPU, and only there.
#include "cairn/children.h"

struct Selectors {
    unsigned ds, es;
};

static Selectors selectors() {
    Selectors now;
    asm volatile("movl %%ds, %0\n movl %%es, %1" : "=r"(now.ds), "=r"(now.es));
    return now;
}

static void load(Selectors wanted) {
    asm volatile("movl %0, %%ds\n movl %1, %%es" ::"r"(wanted.ds), "r"(wanted.es));
}

static uint64_t differ(const char* when, Selectors wanted) {
    const Selectors now = selectors();
    return differs(when, static_cast<long>(now.ds << 16 | now.es),
                   static_cast<long>(wanted.ds << 16 | wanted.es));
}

// Each loads its own, lets the other run, and looks.
static uint64_t take_turns(const char* who, Selectors mine) {
    uint64_t wrong = 0;
    load(mine);
    for (int turn = 0; turn < 16; turn++) {
        system_call(__NR_sched_yield, 0, 0, 0, 0, 0, 0);
        wrong += differ(who, mine);
    }
    return wrong;
}

TEST(
    "What a program loads into DS and ES is its own: a child begins with its parent's, and neither "
    "sees the other's.") {
    unsigned data;  // a selector that may be loaded
    asm volatile("movl %%ss, %0" : "=r"(data));
    uint64_t wrong = differ("at the start", {0, 0});
    load({0, data});
    auto* ended = shared<volatile uint64_t>();
    const long child = start_child([&] {
        const uint64_t first = differ("a child's at first", {0, data});
        *ended = 1 + first + take_turns("a child's", {data, 0});
        return 0;
    });
    wrong += take_turns("the parent's", {data, data});
    wrong += differs("status", wait_for(child), 0);
    wrong += differ("the parent's after its child", {data, data}) + (*ended - 1);
    CHECK(wrong, 0);
}
