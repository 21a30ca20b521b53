// What the files need of the rest of the kernel, for unit tests on the host: frames, a program's memory,
// locks, and an allocation that fails when a test wants it. Contract: fs/ram/memory_sample.h and the headers
// of the functions.
#include <cstdlib>
#include <cstring>
#include <new>

#include "core/clock.h"
#include "fs/ram/memory_sample.h"
#include "mm/frames.h"
#include "mm/page_source.h"
#include "mm/user_memory.h"
#include "signal/door.h"
#include "sync/mutex.h"
#include "sync/spinlock.h"

namespace fs::host {

std::map<uint64_t, unsigned> frames;
std::vector<uint8_t> user_memory;
unsigned allocations_until_failure = 0;
uint64_t now = 1;

bool allocation_fails() {
    return allocations_until_failure != 0 && --allocations_until_failure == 0;
}

// The program's byte at this address, if all of them are the program's.
static uint8_t* user_bytes(mm::UserAddr address, size_t size) {
    const uint64_t begin = static_cast<uint64_t>(address) - kUserBegin;
    if (begin > user_memory.size() || size > user_memory.size() - begin) return nullptr;
    return user_memory.data() + begin;
}

}  // namespace fs::host

void* operator new(size_t size, const std::nothrow_t&) noexcept {
    return fs::host::allocation_fails() ? nullptr : ::operator new(size);
}
void* operator new[](size_t size, const std::nothrow_t&) noexcept {
    return fs::host::allocation_fails() ? nullptr : ::operator new[](size);
}

namespace mm {

using namespace fs::host;

Result<arch::PhysAddr> allocate_frame() {
    if (allocation_fails()) return Errno{ENOMEM};
    void* memory = std::aligned_alloc(arch::kPageSize, arch::kPageSize);
    // The direct map leads back to it.
    const auto frame = arch::PhysAddr{reinterpret_cast<uint64_t>(memory) - arch::kDirectMapBase};
    frames[raw(frame)] = 1;
    return frame;
}

Result<arch::PhysAddr> allocate_zeroed_frame() {
    const arch::PhysAddr frame = TRY(allocate_frame());
    memset(arch::direct_map<uint8_t>(frame), 0, arch::kPageSize);
    return frame;
}

unsigned frame_references(arch::PhysAddr frame) { return frames.at(raw(frame)); }

// Nobody maps anything.
void PageSource::unmap_everywhere(uint64_t, uint64_t, Copies) {}

FrameCounts count_frames() { return {.total = kFrames, .free = kFrames - frames.size()}; }

arch::PhysAddr zero_frame() {
    alignas(arch::kPageSize) static uint8_t zeros[arch::kPageSize];
    return arch::PhysAddr{reinterpret_cast<uint64_t>(zeros) - arch::kDirectMapBase};
}

void retain_frame(arch::PhysAddr frame) {
    if (frame != zero_frame()) frames.at(raw(frame))++;
}

void release_frame(arch::PhysAddr frame) {
    if (frame == zero_frame() || --frames.at(raw(frame)) != 0) return;
    frames.erase(raw(frame));
    std::free(arch::direct_map<void>(frame));
}

Result<void> copy_from_user(std::span<uint8_t> kernel, UserAddr user) {
    const uint8_t* from = user_bytes(user, kernel.size());
    if (from == nullptr) return Errno{EFAULT};
    memcpy(kernel.data(), from, kernel.size());
    return {};
}

Result<void> copy_to_user(UserAddr user, std::span<const uint8_t> kernel) {
    uint8_t* to = user_bytes(user, kernel.size());
    if (to == nullptr) return Errno{EFAULT};
    memcpy(to, kernel.data(), kernel.size());
    return {};
}

}  // namespace mm

namespace core {

uint64_t now_ns() { return fs::host::now; }
uint64_t realtime_ns() { return fs::host::now; }

}  // namespace core

namespace signal {

void send_to_self(int) {}

}  // namespace signal

namespace sync {

void SpinLock::acquire() {}
void SpinLock::release() {}
void Mutex::acquire() {}
void Mutex::release() {}

// Nobody sleeps on the host: who would have to, has ended the test.
Waiter::Waiter(WaitQueue& queue) : thread_(*static_cast<core::Thread*>(nullptr)), queue_(queue) {
    std::abort();
}
Waiter::~Waiter() = default;
void WaitQueue::wake_all() {}
void WaitQueue::wake_one() {}
void prepare_to_sleep() {}
void cancel_sleep() {}
void sleep(uint64_t) {}
bool must_give_up(How) { return true; }
bool has_passed(uint64_t) { return true; }

}  // namespace sync
