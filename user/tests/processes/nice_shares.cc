// Nice values are weights: each step is about a quarter, so five make three times.
#include "hogs.h"

// Whether the first has between 2.2 and 4 times what the second has.
static bool is_about_three(uint64_t first, uint64_t second) {
    return first * 10 >= second * 22 && first <= second * 4;
}

TEST("A program of nice value 5 gets about a third of what one of nice value 0 gets.") {
    CHECK(hogs::on_one_cpu(), 0);
    hogs::Share shares[2];
    hogs::compete(0, 5, 800'000, shares);
    CHECK_THAT(shares[1].rounds > 1000);
    CHECK_THAT(is_about_three(shares[0].rounds, shares[1].rounds));
    CHECK_THAT(is_about_three(static_cast<uint64_t>(shares[0].used_us),
                              static_cast<uint64_t>(shares[1].used_us)));
}
