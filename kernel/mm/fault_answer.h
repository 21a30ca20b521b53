// What became of a page fault of a program.
#pragma once
#include <cstdint>

namespace mm {

enum class FaultAnswer : uint8_t {
    kMended,     // the page is there now: the program goes on at the same instruction
    kNotMapped,  // SIGSEGV, SEGV_MAPERR: no mapping holds the address
    kForbidden,  // SIGSEGV, SEGV_ACCERR: its mapping does not allow what was tried
    kPastEnd,    // SIGBUS, BUS_ADRERR: its mapping does, but the file ends before that page
    kNoMemory,   // SIGKILL: no frame is left
};

}  // namespace mm
