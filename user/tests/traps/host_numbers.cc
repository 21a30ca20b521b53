// The number is whatever the program left in the register: it is checked before it is used as an index.
#include "cairn/check.h"
#include "entry/syscall.h"

static int calls_made;

static long count_call(const uint64_t*) { return ++calls_made; }

static entry::SystemCallTable table;

static long answer(uint64_t number) {
    arch::UserContext user = {};
    user.set_pc(secret(0) & ~1ull);
    user.x[17] = number;
    entry::handle_system_call(table, user);
    if (user.pc() != (secret(0) & ~1ull) + 4) return -1;  // the pc moves on for unknown calls too
    return static_cast<long>(user.x[10]);
}

TEST("A number without a call, or outside the table, is answered with -ENOSYS.") {
    constexpr uint64_t kLast = entry::kSystemCallLimit - 1;
    static constexpr entry::SystemCall call = {"count", kLast, count_call, 0, {}};
    table.calls[kLast] = &call;
    CHECK(answer(kLast), 1);
    CHECK(answer(0), -ENOSYS);
    CHECK(answer(kLast - 1 - secret(1) % 400), -ENOSYS);
    CHECK(answer(kLast + 1), -ENOSYS);
    CHECK(answer(kLast + 1 + secret(2) % (1 << 20)), -ENOSYS);
    CHECK(answer(~0ull), -ENOSYS);
    CHECK(answer(1ull << 63), -ENOSYS);
    CHECK(answer(1ull << 32 | kLast), -ENOSYS);
    CHECK(answer(~0ull << 32 | kLast), -ENOSYS);
    CHECK(calls_made, 1);
}
