// The closed door of lab paging: user memory is the window, and no fault can be mended.
#pragma once
#include <cstdint>

#include "mm/fault_answer.h"

namespace core {
struct Thread;
}
namespace arch {
enum class Event : uint8_t;
}

namespace mm {

// What lab paging keeps in a thread.
struct ThreadPart {};

// What lab paging keeps in the memory of a program that is being loaded (program_memory.h).
struct ProgramSpace {};

// Effect: tries to make the page at `address` usable for what the program of `thread` did there.
// Context: may sleep.
inline FaultAnswer mend_fault(core::Thread&, arch::Event, uint64_t) {
    return FaultAnswer::kNotMapped;
}

// Effect: forgets what another CPU asks this one to forget, if it does (shootdown.h). Context: interrupt.
inline void serve_shootdown() {}

}  // namespace mm
