// A call with six arguments does not exist at this step: a table of our own has one.
#include "cairn/check.h"
#include "entry/syscall.h"

static constexpr unsigned kNumber = 77;
static uint64_t arrived[6];

static long keep_arguments(const uint64_t* arguments) {
    for (int i = 0; i < 6; i++) arrived[i] = arguments[i];
    return static_cast<long>(secret(100));
}

// One number for all registers.
static uint64_t digest(const arch::UserContext& context) {
    uint64_t sum = 0;
    for (const uint64_t value : context.registers()) sum = sum * 31 + value;
    return sum;
}

TEST("A call gets its six arguments in order, and only the result and the pc change.") {
    static constexpr entry::SystemCall call = {"keep", kNumber, keep_arguments, 6, {}};
    entry::SystemCallTable table;
    table.calls[kNumber] = &call;
    arch::UserContext before = {}, after;
    uint64_t drawn = 0;
    for (uint64_t& value : before.free_registers()) value = secret(drawn++);
    before.set_pc(secret(50) & ~3ull);
    before.set_call_number(kNumber);
    after = before;
    entry::handle_system_call(table, after);
    const uint64_t* sent = before.call_arguments();
    CHECK(arrived[0], sent[0]);
    CHECK(arrived[1], sent[1]);
    CHECK(arrived[2], sent[2]);
    CHECK(arrived[3], sent[3]);
    CHECK(arrived[4], sent[4]);
    CHECK(arrived[5], sent[5]);
    CHECK(after.result(), secret(100));
    CHECK(after.pc(), before.pc() + arch::UserContext::kCallInstructionBytes);
    before.set_result(after.result());
    before.set_pc(after.pc());
    const auto wanted = before.registers(), seen = after.registers();
    for (size_t i = 0; i < seen.size(); i++) {
        if (seen[i] != wanted[i]) note("register %s was changed", arch::kRegisterNames[i]);
    }
    CHECK(digest(after), digest(before));
}
