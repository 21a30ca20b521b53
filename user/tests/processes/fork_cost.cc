// How long a fork takes: by the tables that are in use, not by what could be in them.
#include "cairn/children.h"

// The best of twenty forks, to the end of the child.
static int64_t best_ns() {
    int64_t best = INT64_MAX;
    for (int i = 0; i < 20; i++) {
        int64_t begin = monotonic_ns();
        wait_for(start_child([] { return 0; }));
        int64_t took = monotonic_ns() - begin;
        if (took < best) best = took;
    }
    return best;
}

TEST("A fork takes no longer when a gigabyte is mapped that no process has touched.") {
    int64_t small = best_ns();
    uint64_t memory = sys_mmap(0, 1 << 30, READ_WRITE, PRIVATE_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(memory % PAGE, 0);
    int64_t large = best_ns();
    *at(memory + (512 << 20)) = 1;
    int64_t touched = best_ns();
    note("%ld ns, with a gigabyte %ld ns, with a page of it %ld ns", small, large, touched);
    CHECK_THAT(large < 4 * small);
    CHECK_THAT(touched < 6 * small);
}
