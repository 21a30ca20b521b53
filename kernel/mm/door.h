// The door of lab paging: what lower floors ask of it. Closed: labs/02-paging/before.
#pragma once
#include <cstdint>

#include "lib/atomic.h"
#include "lib/ref_ptr.h"
#include "lib/result.h"
#include "mm/fault_answer.h"

namespace core {
struct Thread;
}
namespace arch {
enum class Event : uint8_t;
}

namespace mm {

class AddressSpace;

// What lab paging keeps in a thread.
struct ThreadPart {
    AddressSpace* space = nullptr;    // its user memory; none: a thread of the kernel
    uint64_t fail_nth = 0;            // counts down to the allocation that shall fail (fail_nth.h)
    lib::Atomic<uint64_t> faults{0};  // pages that it was given; others read it
    uint64_t most_resident_of_earlier = 0;  // pages; of memory that it had before `space`
};

// Effect: tries to make the page at `address` usable for what the program of `thread` did there.
// Context: may sleep.
FaultAnswer mend_fault(core::Thread& thread, arch::Event event, uint64_t address);

// What lab paging keeps in the memory of a program that is being loaded (program_memory.h).
using ProgramSpace = RefPtr<AddressSpace>;

enum class Sharing : uint8_t { kCopied, kShared };
// Effect: `child`, which has not run, has the memory of `parent`, the thread that runs, or a copy of it.
// ENOMEM; then it has none. Context: may sleep.
Result<void> clone_memory(const core::Thread& parent, core::Thread& child, Sharing sharing);

// Effect: `thread`, the one that runs or one that never did, has no user memory any more; what only it had is
// given back. Context: may sleep.
void drop_memory(core::Thread& thread);

// The memory of any thread, with an owner; none once it has dropped it. Context: it has not ended.
RefPtr<AddressSpace> share_memory(const core::Thread& thread);

// The most bytes that its memory ever took, and that of programs that it ran before. Context: as above.
uint64_t most_resident_bytes(const core::Thread& thread);

// Whether other threads have the memory of this one too.
bool shares_memory(const core::Thread& thread);

// Whether others may look into the memory of a thread (PR_SET_DUMPABLE): all who share it say the same, and a
// copy says what the original did. None is open to all. set_dumpable: for the thread that runs. Context: as
// above.
bool is_dumpable(const core::Thread& thread);
void set_dumpable(core::Thread& thread, bool is_dumpable);

// Effect: forgets what another CPU asks this one to forget, if it does (shootdown.h). Context: interrupt.
void serve_shootdown();

}  // namespace mm
