// The flags are registers of the program's, too: the direction flag turns string instructions round, AC
// asks for alignment, and arithmetic has left the others behind. The host stops the machine at the labels.
#include "cairn/check.h"
#include "cairn/syscall.h"

static constexpr uint64_t kArithmetic = 0x8D5, kDirection = 0x400, kAlignment = 0x40000;
static constexpr uint64_t kAlwaysSet = 0x202;

// Sets the flags, makes a system call or spins, and reads them again.
static uint64_t flags_over_call(uint64_t flags) {
    uint64_t number = __NR_getpid;
    asm volatile(
        "pushq %[flags]; popfq\n"
        ".globl flags_call\nflags_call: syscall\n"
        "pushfq; popq %[flags]; pushq $0x202; popfq"
        : [flags] "+r"(flags), "+a"(number)
        :
        : "rcx", "r11", "cc", "memory");
    return flags;
}

static uint64_t flags_over_spin(uint64_t flags, uint64_t rounds) {
    asm volatile(
        "pushq %[flags]; popfq\n"
        ".globl flags_spin\nflags_spin: loop flags_spin\n"  // the one loop that leaves the flags alone
        "pushfq; popq %[flags]; pushq $0x202; popfq"
        : [flags] "+r"(flags), "+c"(rounds)
        :
        : "cc", "memory");
    return flags;
}

TEST("Calls and ticks leave all the flags of a program as they were, the direction flag too.") {
    const uint64_t fixed = kAlwaysSet | kDirection | kAlignment;
    const uint64_t flags = fixed | (secret(0) & kArithmetic),
                   others = fixed | (secret(1) & kArithmetic);
    CHECK(flags_over_call(flags), flags);
    CHECK(flags_over_spin(others, argument_number(1, 2'000'000)), others);
}
