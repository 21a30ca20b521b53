// Mistakes that the kernel makes on purpose, so that its reports can be looked at: `selftest=panic`,
// `null`, `nested`, `overflow`. Each must end in a panic that says what happened.
#include <cstdint>

#include "core/panic.h"
#include "lib/assert.h"
#include "selftest/hex.h"
#include "selftest/selftest.h"

namespace selftest {

namespace {

// A chain of calls that the argument chooses, a bit a call, lowest bit first: 0 calls left, 1 calls
// right. Who reads the backtrace can tell whether it is true.
void panic_left(uint64_t path, unsigned depth);
void panic_right(uint64_t path, unsigned depth);

void choose(uint64_t path, unsigned depth) {
    if (depth == 0) PANIC("asked for by selftest=panic");
    if ((path & 1) == 0) {
        panic_left(path >> 1, depth - 1);
    } else {
        panic_right(path >> 1, depth - 1);
    }
    asm volatile("");  // no tail call: every call keeps its frame
}

[[gnu::noinline]] void panic_left(uint64_t path, unsigned depth) {
    choose(path, depth);
    asm volatile("");
}

[[gnu::noinline]] void panic_right(uint64_t path, unsigned depth) {
    choose(path, depth);
    asm volatile("");
}

constexpr unsigned kPanicDepth = 8;

void write_to_first_page(uint64_t address) {
    *reinterpret_cast<volatile uint64_t*>((address & 0xff8) | 8) = address;
}

uint64_t nested_address = 0;

// The stack ends long before the depth does.
[[gnu::noinline]] uint64_t use_up_the_stack(uint64_t depth) {
    if (depth == 1'000'000) return 0;
    volatile uint64_t page[64];
    page[depth % 64] = depth;
    return use_up_the_stack(depth + 1) + page[depth % 64];
}

}  // namespace

SELFTEST(panic) {
    choose(hex_number(argument), kPanicDepth);
    return false;
}

// A write to the first page, which is mapped nowhere; the argument makes the address recognisable.
SELFTEST(null) {
    write_to_first_page(hex_number(argument));
    return false;
}

// The report of one panic makes a mistake of its own: it must stay short and end.
SELFTEST(nested) {
    nested_address = hex_number(argument);
    core::set_panic_hook([] { write_to_first_page(nested_address); });
    PANIC("asked for by selftest=nested");
}

SELFTEST(overflow) { return use_up_the_stack(0) == 0; }

}  // namespace selftest
