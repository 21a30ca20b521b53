// The kernel's command line: `init=/path seed=7 trace=syscall,trap -- arguments of init`.
#pragma once

#include <cstdint>

#include "lib/result.h"
#include "lib/text.h"

namespace dev {

// All texts borrow the command line.
struct BootArgs {
    lib::Text init = "/init";     // init=/path: the first program
    std::uint64_t seed = 0;       // seed=N: what pseudo-random choices are drawn from
    bool has_seed = false;        // without it, nothing is drawn
    bool trace_syscalls = false;  // trace=syscall
    bool trace_traps = false;     // trace=trap
    bool trace_timeline = false;  // trace=timeline
    lib::Text selftest;           // selftest=name[:argument], run instead of init; empty: none
    lib::Text selftest_argument;
    bool fpu_noise = false;  // noise=fpu: spoil the FPU registers wherever the kernel may
    bool switch_noise =
        false;          // noise=switch: switch threads wherever the kernel may (sync/preempt.h)
    bool ticks = true;  // tick=off: the timer never interrupts
    lib::Text init_arguments;  // everything after ` -- `: argv[1] and so on of init
};

// Which argument was refused, and what is wrong with it.
struct BadBootArg {
    lib::Text argument;
    const char* problem = "";
};

// EINVAL if an argument is unknown or malformed; `bad` tells which. Of two equal ones the later
// counts.
Result<BootArgs> parse_boot_args(lib::Text command_line, BadBootArg& bad);

// Takes the next word, up to a blank, out of `rest`; empty if there is none.
lib::Text next_word(lib::Text& rest);

}  // namespace dev
