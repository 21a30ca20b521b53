// The number is whatever the program left in the register: it is checked before it is used as an index.
#include "cairn/check.h"
#include "entry/syscall.h"

static int calls_made;

static long count_call(const uint64_t*) { return ++calls_made; }

static entry::SystemCallTable table;

static constexpr uint64_t kCallBytes = arch::UserContext::kCallInstructionBytes;

static long answer(uint64_t number) {
    arch::UserContext user = {};
    user.set_pc(secret(0) & ~1ull);
    user.set_call_number(number);
    entry::handle_system_call(table, user);
    // The pc moves on for unknown calls too.
    return user.pc() == (secret(0) & ~1ull) + kCallBytes ? user.result() : -1;
}

// Linux looks at all of the register, or at its low half: so does call_number() of this CPU.
static bool whole_register_counts() {
    arch::UserContext user = {};
    user.set_call_number(1ull << 32);
    return user.call_number() == 1ull << 32;
}

TEST("A number without a call, or outside the table, is answered with -ENOSYS.") {
    constexpr uint64_t kLast = entry::kSystemCallLimit - 1;
    static constexpr entry::SystemCall call = {"count", kLast, count_call, 0, {}};
    table.calls[kLast] = &call;
    const bool wide = whole_register_counts();
    CHECK(answer(kLast), 1);
    CHECK(answer(0), -ENOSYS);
    CHECK(answer(kLast - 1 - secret(1) % 400), -ENOSYS);
    CHECK(answer(kLast + 1), -ENOSYS);
    CHECK(answer(kLast + 1 + secret(2) % (1 << 20)), -ENOSYS);
    CHECK(answer(~0ull), -ENOSYS);
    CHECK(answer(1ull << 63 | (kLast + 1)), -ENOSYS);
    CHECK(answer(1ull << 31 | kLast), -ENOSYS);
    CHECK(answer(1ull << 32 | kLast), wide ? -ENOSYS : 2);
    CHECK(answer(~0ull << 32 | kLast), wide ? -ENOSYS : 3);
    CHECK(calls_made, wide ? 1 : 3);
}
