// The kernel copies into this program's memory, out of it, and out of it a string. The host waits
// for each copy where the bytes lie, and looks whether the address space is locked meanwhile.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

extern "C" {
__attribute__((noinline)) void stop_before_copies(uint64_t place) {
    __asm__ volatile("" : : "r"(place) : "memory");
}
}

TEST("While the kernel copies from or to a program, the program's address space is locked.") {
    uint64_t memory = map_memory(3 * PAGE);
    auto* limit = reinterpret_cast<rlimit64*>(memory + 64);
    auto* time = reinterpret_cast<__kernel_timespec*>(memory + PAGE + 128);
    auto* path = reinterpret_cast<volatile char*>(memory + 2 * PAGE + 256);
    CHECK(sys_prlimit(RLIMIT_CORE, nullptr, limit), 0);
    time->tv_sec = -1;
    const char* from = "/dev/null";
    for (uint64_t i = 0; i < sizeof "/dev/null"; i++) path[i] = from[i];
    stop_before_copies(memory);
    CHECK(sys_prlimit(RLIMIT_CORE, limit, nullptr), 0);
    CHECK(sys_clock_getres(1 /* CLOCK_MONOTONIC */, time), 0);
    CHECK(time->tv_sec, 0);
    CHECK_THAT(open_path(const_cast<char*>(path), O_RDONLY) > 0);
}
