// sched_yield(2): another one is let run before the caller goes on.
#include "hogs.h"

TEST("Who yields lets others run: without a timer's help two programs take turns.") {
    CHECK(hogs::on_one_cpu(), 0);
    auto* turn = shared<volatile uint64_t>();
    uint64_t turns = argument_number(1, 500);
    *turn = secret(0);
    long child = start_child([=] {
        for (uint64_t i = 1; i < 2 * turns; i += 2) {
            while (*turn != secret(0) + i) sys_sched_yield();
            *turn = secret(0) + i + 1;
        }
        return 8;
    });
    uint64_t yields = 0;
    for (uint64_t i = 0; i < 2 * turns; i += 2) {
        while (*turn != secret(0) + i) sys_sched_yield(), yields++;
        *turn = secret(0) + i + 1;
    }
    CHECK(wait_for(child), exited(8));
    CHECK(*turn, secret(0) + 2 * turns);
    note("%lu yields for %lu turns", yields, turns);
    CHECK_THAT(yields < 20 * turns);
}
