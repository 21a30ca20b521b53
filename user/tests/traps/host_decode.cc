// The privileged specification's table of causes (scause), asked for one by one.
#include "arch/trap.h"
#include "cairn/check.h"

using arch::Event;

static constexpr uint64_t kInterrupt = 1ull << 63;

static Event decode(uint64_t cause) { return arch::decode({cause, secret(cause)}); }

TEST("Each cause that the specification names is decoded, and every other is unknown.") {
    CHECK(decode(kInterrupt | 1), Event::kIpi);
    CHECK(decode(kInterrupt | 5), Event::kTimer);
    CHECK(decode(kInterrupt | 9), Event::kDevice);
    CHECK(decode(8), Event::kSystemCall);
    CHECK(decode(3), Event::kBreakpoint);
    CHECK(decode(2), Event::kIllegalInstruction);
    CHECK(decode(0), Event::kMisaligned);
    CHECK(decode(4), Event::kMisaligned);
    CHECK(decode(6), Event::kMisaligned);
    CHECK(decode(1), Event::kAccessFault);
    CHECK(decode(5), Event::kAccessFault);
    CHECK(decode(7), Event::kAccessFault);
    CHECK(decode(12), Event::kExecuteFault);
    CHECK(decode(13), Event::kReadFault);
    CHECK(decode(15), Event::kWriteFault);
    // Neither is a number known under the other heading, nor one that nobody has given out.
    CHECK(decode(kInterrupt | 8), Event::kUnknown);
    CHECK(decode(kInterrupt | 2), Event::kUnknown);
    CHECK(decode(9), Event::kUnknown);
    CHECK(decode(14), Event::kUnknown);
    CHECK(decode(16 + secret(0) % 1'000'000), Event::kUnknown);
    CHECK(decode(kInterrupt | (16 + secret(1) % 1'000'000)), Event::kUnknown);
}
