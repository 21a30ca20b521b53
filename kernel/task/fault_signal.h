// Which signal a program's mistake is worth. Every step needs it, with one program and with many: the
// base owns it.
#pragma once
#include <cstdint>

#include "mm/fault_answer.h"

namespace arch {
enum class Event : uint8_t;
}

namespace task {

// A signal that ends a program, and why it was sent: the names of <asm/signal.h> and of si_code
// (sigaction(2)).
struct Signal {
    int number;
    const char* name;
    const char* reason;
};

// Effect: the signal that Linux sends for a mistake of a program; `answer` is for page faults only.
// Pure; context: any.
Signal signal_of(arch::Event event, mm::FaultAnswer answer);

}  // namespace task
