// How dear an empty system call is: prints the time of a loop that makes one, and of the same loop
// without it. Where an instruction takes a nanosecond (QEMU's -icount shift=0), these are
// instructions. Called by tools/bench.py.
#include "cairn/cpu.h"
#include "cairn/print.h"
#include "cairn/syscall.h"

namespace {

constexpr uint64_t kTimes = 100'000;

void print_ns(const char* what, int64_t begin, int64_t end) {
    print("bench %s %ld\n", what, static_cast<long>(end - begin));
}

}  // namespace

int main() {
    cairn::Registers patterns = {};
    cairn::Registers seen;
    const int64_t begin = monotonic_ns();
    cairn::cpu_registers_over_calls(patterns, seen, __NR_getpid, kTimes);
    const int64_t between = monotonic_ns();
    cairn::cpu_registers_over_spin(patterns, seen, kTimes);
    const int64_t end = monotonic_ns();
    print("bench times %ld\n", static_cast<long>(kTimes));
    print_ns("calls_ns", begin, between);
    print_ns("spins_ns", between, end);
    return 0;
}
