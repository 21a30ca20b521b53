// The vectors of x86-64, asked for one by one (Intel SDM volume 3, "Exception and Interrupt Reference").
#include "arch/trap.h"
#include "cairn/check.h"

using arch::Event;

static Event decode(uint64_t vector, uint64_t error_code = 0) {
    return arch::decode({error_code << 32 | vector, secret(vector)});
}

TEST("Each vector that the kernel gives a meaning is decoded, and every other is unknown.") {
    CHECK(decode(0x20), Event::kTimer);
    CHECK(decode(0x21), Event::kIpi);
    CHECK(decode(0x30 + secret(1) % 0x30), Event::kDevice);
    CHECK(decode(0x30), Event::kDevice);
    CHECK(decode(0x5f), Event::kDevice);
    CHECK(decode(0xff), Event::kDevice);
    CHECK(decode(0x100), Event::kSystemCall);
    CHECK(decode(1), Event::kBreakpoint);
    CHECK(decode(3), Event::kBreakpoint);
    CHECK(decode(6), Event::kIllegalInstruction);
    CHECK(decode(0), Event::kDivideError);
    CHECK(decode(16), Event::kFloatingPoint);
    CHECK(decode(19), Event::kFloatingPoint);
    CHECK(decode(12), Event::kStackFault);
    CHECK(decode(13, secret(2) % 65536), Event::kProtection);
    CHECK(decode(17), Event::kMisaligned);
    // Bits of a page fault's error code: present, write, user mode, reserved bit, fetch.
    CHECK(decode(14, 4), Event::kReadFault);
    CHECK(decode(14, 5), Event::kReadFault);
    CHECK(decode(14, 6), Event::kWriteFault);
    CHECK(decode(14, 7), Event::kWriteFault);
    CHECK(decode(14, 20), Event::kExecuteFault);
    CHECK(decode(14, 21), Event::kExecuteFault);
    CHECK(decode(8), Event::kUnknown);
    CHECK(decode(0x2f), Event::kUnknown);
    CHECK(decode(0x60 + secret(3) % 0x9f), Event::kUnknown);
    CHECK(decode(0x101 + secret(4) % 1'000'000), Event::kUnknown);
}
