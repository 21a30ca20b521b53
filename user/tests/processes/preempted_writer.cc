// A program that never gives the CPU away does not keep others from it.
#include "hogs.h"

struct Loop {
    volatile uint64_t rounds, stop;
};

TEST(
    "A loop without any call is preempted: others run, wake in time, and it goes on where it "
    "was.") {
    CHECK(hogs::on_one_cpu(), 0);
    auto* loop = shared<Loop>();
    long child = start_child([=] {
        uint64_t rounds = 0;
        while (loop->stop == 0) loop->rounds = ++rounds;
        return loop->rounds == rounds ? 6 : 1;
    });
    uint64_t last = 0, steps = 0, late = 0;
    for (int i = 0; i < 8; i++) {
        int64_t begin = monotonic_ns();
        sleep_us(15'000);
        late += monotonic_ns() - begin > 60'000'000;  // who wakes is soon served
        steps += loop->rounds > last;
        last = loop->rounds;
    }
    loop->stop = 1;
    CHECK_THAT(steps >= 6);
    CHECK_THAT(late <= 2);
    CHECK(wait_for(child), exited(6));
}
