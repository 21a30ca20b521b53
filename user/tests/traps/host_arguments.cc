// A call with six arguments does not exist at this step: a table of our own has one.
#include "cairn/check.h"
#include "entry/syscall.h"

static constexpr unsigned kNumber = 77, kReplacing = 78;
static uint64_t arrived[6], pc_inside;
static arch::UserContext before, after;

static long keep_arguments(const uint64_t* arguments) {
    for (int i = 0; i < 6; i++) arrived[i] = arguments[i];
    pc_inside = after.pc();
    return static_cast<long>(secret(100));
}

// What execve and the return from a signal handler do: the program goes on elsewhere.
static uint64_t place(int n) { return secret(static_cast<uint64_t>(60 + n)) & ~3ull; }

static long replace_registers(const uint64_t*) {
    int drawn = 2;
    for (uint64_t& value : after.free_registers()) value = place(drawn++);
    after.set_pc(place(0));
    after.set_sp(place(1));
    return 0;
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
    static constexpr entry::SystemCall replacing = {
        "replace", kReplacing, replace_registers, 0, {}};
    table.calls[kNumber] = &call;
    table.calls[kReplacing] = &replacing;
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
    CHECK(pc_inside, after.pc());  // what the call itself sees: a fork copies it
    before.set_result(after.result());
    before.set_pc(after.pc());
    const auto wanted = before.registers(), seen = after.registers();
    for (size_t i = 0; i < seen.size(); i++) {
        if (seen[i] != wanted[i]) {
            note("register %s: 0x%lx, not 0x%lx", arch::kRegisterNames[i], seen[i], wanted[i]);
        }
    }
    CHECK(digest(after), digest(before));
    after.set_call_number(kReplacing);
    entry::handle_system_call(table, after);
    CHECK(after.pc(), place(0));
    CHECK(after.sp(), place(1));
    CHECK(after.result(), 0);
    const arch::UserContext seen_last = after;
    replace_registers(nullptr);
    after.set_result(0);
    CHECK(digest(seen_last), digest(after));
}
