// Two programs that never sleep and never call the kernel.
#include "hogs.h"

// Whether a is b within 10 %.
static bool is_about(uint64_t a, uint64_t b) { return a * 10 >= b * 9 && b * 10 >= a * 9; }

TEST("Two programs that compute all the time get the same share of a CPU, within a tenth.") {
    CHECK(hogs::on_one_cpu(), 0);
    hogs::Share shares[2];
    hogs::compete(0, 0, 600'000, shares);
    CHECK_THAT(shares[0].rounds > 1000);
    CHECK_THAT(is_about(shares[0].rounds, shares[1].rounds));
    auto first = static_cast<uint64_t>(shares[0].used_us);
    auto second = static_cast<uint64_t>(shares[1].used_us);
    CHECK_THAT(is_about(first, second));
    CHECK_THAT(first + second <= 700'000);
}
