// A chain of frame pointers may be broken: a report must neither run wild nor for ever.
#include <span>

#include "arch/cpu.h"
#include "cairn/check.h"
#include "entry/door.h"

static constexpr size_t kWords = 64;
static uint64_t* memory;
static uint64_t out[8];

// Puts a record at word `at` that says: the caller's record is at word `previous` (or is this number).
static uint64_t pointer(size_t at) {
    return reinterpret_cast<uintptr_t>(&memory[at]) - arch::kFrameRecordOffset;
}
static void record(size_t at, uint64_t previous, uint64_t address) {
    *reinterpret_cast<arch::FrameRecord*>(&memory[at]) = {previous, address};
}

static size_t walk(uint64_t frame_pointer, size_t limit = 8) {
    entry::StackBounds stack = {reinterpret_cast<uintptr_t>(memory),
                                reinterpret_cast<uintptr_t>(memory + kWords)};
    return entry::backtrace(frame_pointer, stack, std::span(out, limit));
}

TEST("A backtrace ends at the outermost frame, at a broken record and when there is no room.") {
    memory = new uint64_t[kWords];
    record(0, pointer(10), secret(0));
    record(10, pointer(40), secret(1));
    record(40, 0, secret(2));
    CHECK(walk(pointer(0)), 3);
    CHECK(out[0], secret(0));
    CHECK(out[1], secret(1));
    CHECK(out[2], secret(2));
    CHECK(walk(pointer(0), 2), 2);
    record(40, pointer(10), secret(3));  // a ring
    CHECK(walk(pointer(0)), 3);
    record(10, pointer(10), secret(4));  // its own caller
    CHECK(walk(pointer(0)), 2);
    record(0, pointer(kWords - 1), secret(5));  // a record that ends behind the stack
    CHECK(walk(pointer(0)), 1);
    record(0, pointer(kWords + 1000), secret(6));
    CHECK(walk(pointer(0)), 1);
    record(0, pointer(10) + 3, secret(7));  // not a multiple of eight
    CHECK(walk(pointer(0)), 1);
    CHECK(walk(8), 0);
}
