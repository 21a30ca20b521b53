// A call with six arguments does not exist at this step: a table of our own has one.
#include "cairn/check.h"
#include "entry/syscall.h"

static constexpr unsigned kNumber = 77;
static uint64_t arrived[6];

static long keep_arguments(const uint64_t* arguments) {
    for (int i = 0; i < 6; i++) arrived[i] = arguments[i];
    return static_cast<long>(secret(100));
}

TEST("A call gets its six arguments in order, and only the result and the pc change.") {
    static constexpr entry::SystemCall call = {"keep", kNumber, keep_arguments, 6, {}};
    entry::SystemCallTable table;
    table.calls[kNumber] = &call;
    arch::UserContext before, after;
    for (int i = 0; i < 32; i++) before.x[i] = secret(i) & ~3ull;
    before.status = before.kernel_sp = before.kernel_tp = secret(32);
    before.x[17] = kNumber;
    after = before;
    entry::handle_system_call(table, after);

    CHECK(arrived[0], before.x[10]);
    CHECK(arrived[1], before.x[11]);
    CHECK(arrived[2], before.x[12]);
    CHECK(arrived[3], before.x[13]);
    CHECK(arrived[4], before.x[14]);
    CHECK(arrived[5], before.x[15]);
    CHECK(after.x[10], secret(100));
    CHECK(after.pc(), before.pc() + 4);
    for (int i = 0; i < 32; i++) {
        if (i == 0 || i == 10) continue;
        if (after.x[i] != before.x[i]) note("x%d was changed", i);
        if (after.x[i] != before.x[i]) after.status = 0;
    }
    CHECK(after.status, secret(32));
}
