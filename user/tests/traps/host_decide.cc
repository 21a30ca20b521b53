// What is done about an event depends on who was interrupted, and on nothing else.
#include <initializer_list>

#include "cairn/check.h"
#include "entry/decide.h"

using arch::Event;
using entry::Action;
using entry::Origin;

// What becomes of the mistakes: one bit for each event that has the action.
static uint64_t events_with(Action action, Origin origin) {
    uint64_t events = 0;
    for (Event event :
         {Event::kBreakpoint, Event::kIllegalInstruction, Event::kMisaligned, Event::kAccessFault,
          Event::kDivideError, Event::kFloatingPoint, Event::kProtection, Event::kStackFault,
          Event::kReadFault, Event::kWriteFault, Event::kExecuteFault, Event::kUnknown}) {
        if (entry::decide(event, origin) == action) events |= 1u << static_cast<int>(event);
    }
    return events;
}

TEST(
    "Interrupts are served, calls come from programs only, and a mistake ends the program that "
    "made it.") {
    CHECK(entry::decide(Event::kTimer, Origin::kUser), Action::kTick);
    CHECK(entry::decide(Event::kTimer, Origin::kKernel), Action::kTick);
    CHECK(entry::decide(Event::kIpi, Origin::kUser), Action::kIpi);
    CHECK(entry::decide(Event::kIpi, Origin::kKernel), Action::kIpi);
    CHECK(entry::decide(Event::kDevice, Origin::kUser), Action::kDevice);
    CHECK(entry::decide(Event::kDevice, Origin::kKernel), Action::kDevice);
    CHECK(entry::decide(Event::kSystemCall, Origin::kUser), Action::kSystemCall);
    CHECK(entry::decide(Event::kSystemCall, Origin::kKernel), Action::kPanic);
    CHECK(__builtin_popcountll(events_with(Action::kFault, Origin::kUser)), 12);
    CHECK(__builtin_popcountll(events_with(Action::kPanic, Origin::kKernel)), 12);
}
