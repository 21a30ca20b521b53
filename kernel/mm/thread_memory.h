// Which address space a thread has (ThreadPart::space, mm/door.h), and how that changes: a program is loaded
// (program_memory.cc), or its thread ends (sharing.cc). Fork fills it in before others know the thread.
#pragma once
#include <cstdint>

#include "lib/ref_ptr.h"
#include "mm/door.h"
#include "sync/spinlock.h"

namespace mm {

// Guards ThreadPart::space of every thread: the thread itself changes it with the lock held, and others who
// want a reference look with it held (sharing.cc).
extern sync::SpinLock thread_memory_lock;

// Effect: `thread` has `space`, or none; the space that it had, which the caller leaves and drops.
// Context: the thread itself with preemption off, or a thread that does not run.
RefPtr<AddressSpace> exchange_space(core::Thread& thread, RefPtr<AddressSpace> space);

// The most pages that were resident in the memory of a thread, and in what it had before.
uint64_t most_resident_pages(const ThreadPart& thread) REQUIRES(thread_memory_lock);

}  // namespace mm
