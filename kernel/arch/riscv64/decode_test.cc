// Every cause that the privileged specification names for supervisor mode, and those that it does not.
#include <gtest/gtest.h>

#include "arch/trap.h"
#include "entry/decide.h"

namespace {

using arch::Event;
using entry::Action;
using entry::Origin;

Event exception(uint64_t code) { return arch::decode({code, 0}); }
Event interrupt(uint64_t code) { return arch::decode({arch::kInterruptBit | code, 0}); }

TEST(Decode, NamesEveryException) {
    const Event expected[16] = {
        Event::kMisaligned,   Event::kAccessFault, Event::kIllegalInstruction,
        Event::kBreakpoint,   Event::kMisaligned,  Event::kAccessFault,
        Event::kMisaligned,   Event::kAccessFault, Event::kSystemCall,
        Event::kUnknown,      Event::kUnknown,     Event::kUnknown,
        Event::kExecuteFault, Event::kReadFault,   Event::kUnknown,
        Event::kWriteFault};
    for (uint64_t code = 0; code < 16; code++) EXPECT_EQ(exception(code), expected[code]) << code;
}

TEST(Decode, NamesEveryInterrupt) {
    for (uint64_t code = 0; code < 64; code++) {
        const Event expected = code == 1   ? Event::kIpi
                               : code == 5 ? Event::kTimer
                               : code == 9 ? Event::kDevice
                                           : Event::kUnknown;
        EXPECT_EQ(interrupt(code), expected) << code;
    }
}

TEST(Decode, KnowsThatItDoesNotKnow) {
    for (int bit = 4; bit < 63; bit++)
        EXPECT_EQ(exception(uint64_t{1} << bit | 2), Event::kUnknown);
    EXPECT_EQ(exception(~arch::kInterruptBit), Event::kUnknown);
    EXPECT_EQ(interrupt(~arch::kInterruptBit), Event::kUnknown);
}

TEST(Decide, ServesInterruptsWhoeverWasInterrupted) {
    for (const Origin origin : {Origin::kUser, Origin::kKernel}) {
        EXPECT_EQ(entry::decide(Event::kTimer, origin), Action::kTick);
        EXPECT_EQ(entry::decide(Event::kIpi, origin), Action::kIpi);
        EXPECT_EQ(entry::decide(Event::kDevice, origin), Action::kDevice);
    }
}

TEST(Decide, BlamesWhoeverRan) {
    EXPECT_EQ(entry::decide(Event::kSystemCall, Origin::kUser), Action::kSystemCall);
    EXPECT_EQ(entry::decide(Event::kSystemCall, Origin::kKernel), Action::kPanic);
    for (const Event event :
         {Event::kBreakpoint, Event::kIllegalInstruction, Event::kMisaligned, Event::kAccessFault,
          Event::kReadFault, Event::kWriteFault, Event::kExecuteFault, Event::kUnknown}) {
        EXPECT_EQ(entry::decide(event, Origin::kUser), Action::kFault);
        EXPECT_EQ(entry::decide(event, Origin::kKernel), Action::kPanic);
    }
}

}  // namespace
