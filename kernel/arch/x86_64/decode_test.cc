// Every vector that the kernel gives a meaning, and all the others.
#include <gtest/gtest.h>

#include "arch/trap.h"

namespace {

using arch::Event;

Event vector(uint64_t number, uint64_t error_code = 0) {
    return arch::decode({error_code << 32 | number, 0});
}

TEST(Decode, NamesEveryException) {
    const Event expected[32] = {Event::kDivideError,
                                Event::kBreakpoint,
                                Event::kUnknown,
                                Event::kBreakpoint,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kIllegalInstruction,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kStackFault,
                                Event::kStackFault,
                                Event::kProtection,
                                Event::kReadFault,
                                Event::kUnknown,
                                Event::kFloatingPoint,
                                Event::kMisaligned,
                                Event::kUnknown,
                                Event::kFloatingPoint,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kUnknown,
                                Event::kUnknown};
    for (uint64_t number = 0; number < 32; number++) {
        EXPECT_EQ(vector(number), expected[number]) << number;
    }
}

TEST(Decode, ReadsThePageFaultsErrorCode) {
    for (uint64_t error = 0; error < 64; error++) {
        const Event expected = (error & 16) != 0  ? Event::kExecuteFault
                               : (error & 2) != 0 ? Event::kWriteFault
                                                  : Event::kReadFault;
        EXPECT_EQ(vector(14, error), expected) << error;
        EXPECT_EQ(vector(13, error), Event::kProtection) << error;
    }
}

TEST(Decode, NamesEveryInterrupt) {
    for (uint64_t number = 32; number < 0x200; number++) {
        const Event expected = number == 0x20                                       ? Event::kTimer
                               : number == 0x21                                     ? Event::kIpi
                               : (number >= 0x30 && number < 0x60) || number == 255 ? Event::kDevice
                               : number == 0x100 ? Event::kSystemCall
                                                 : Event::kUnknown;
        EXPECT_EQ(vector(number), expected) << number;
    }
}

}  // namespace
