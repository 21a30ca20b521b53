#include "dev/boot_args.h"

#include <gtest/gtest.h>

#include "lib/sample.h"

namespace dev {
namespace {

BootArgs parsed(lib::Text line) {
    BadBootArg bad;
    const auto args = parse_boot_args(line, bad);
    EXPECT_TRUE(args) << lib::as_string(bad.argument) << ": " << bad.problem;
    return args ? *args : BootArgs{};
}

std::string refused(lib::Text line) {
    BadBootArg bad;
    EXPECT_EQ(parse_boot_args(line, bad).error(), Errno{EINVAL}) << lib::as_string(line);
    EXPECT_STRNE(bad.problem, "");
    return lib::as_string(bad.argument);
}

TEST(BootArgs, NothingSaidIsInitAloneInSilence) {
    for (const char* line : {"", "   "}) {
        const BootArgs args = parsed(line);
        EXPECT_EQ(args.init, "/init");
        EXPECT_FALSE(args.has_seed);
        EXPECT_FALSE(args.trace_syscalls || args.trace_traps || args.trace_timeline);
        EXPECT_FALSE(args.fpu_noise || args.switch_noise);
        EXPECT_TRUE(args.selftest.empty() && args.init_arguments.empty());
    }
}

TEST(BootArgs, EveryArgumentIsUnderstood) {
    const BootArgs args =
        parsed(" init=/k3x9q  seed=42 trace=syscall,trap selftest=panic:0x1f noise=fpu -- a  b=c ");
    EXPECT_EQ(args.init, "/k3x9q");
    EXPECT_TRUE(args.has_seed);
    EXPECT_EQ(args.seed, 42U);
    EXPECT_TRUE(args.trace_syscalls && args.trace_traps && args.fpu_noise);
    EXPECT_EQ(args.selftest, "panic");
    EXPECT_EQ(args.selftest_argument, "0x1f");
    lib::Text rest = args.init_arguments;
    EXPECT_EQ(next_word(rest), "a");
    EXPECT_EQ(next_word(rest), "b=c");
    EXPECT_TRUE(next_word(rest).empty());
}

TEST(BootArgs, OnlyOneKindOfTraceMayBeAskedFor) {
    EXPECT_TRUE(parsed("trace=trap").trace_traps);
    EXPECT_FALSE(parsed("trace=trap").trace_syscalls);
    EXPECT_FALSE(parsed("trace=trap").trace_timeline);
    EXPECT_TRUE(parsed("trace=syscall,timeline").trace_timeline);
}

TEST(BootArgs, EachNoiseMayBeAskedForAlone) {
    EXPECT_TRUE(parsed("noise=switch").switch_noise);
    EXPECT_FALSE(parsed("noise=switch").fpu_noise);
    EXPECT_TRUE(parsed("noise=fpu,switch").fpu_noise && parsed("noise=fpu,switch").switch_noise);
}

TEST(BootArgs, TimerTicksUnlessItIsOff) {
    EXPECT_TRUE(parsed("init=/a").ticks);
    EXPECT_FALSE(parsed("tick=off").ticks);
}

TEST(BootArgs, LaterOfTwoCounts) { EXPECT_EQ(parsed("init=/a init=/b").init, "/b"); }

TEST(BootArgs, SeedIsDecimalOrHexadecimalOf64Bits) {
    EXPECT_EQ(parsed("seed=18446744073709551615").seed, UINT64_MAX);
    EXPECT_EQ(parsed("seed=0xFfffffffffffffff").seed, UINT64_MAX);
    for (const char* line : {"seed=18446744073709551616", "seed=0x10000000000000000",
                             "seed=", "seed", "seed=0x", "seed=-1", "seed=7f", "seed=0xg"}) {
        EXPECT_EQ(refused(line), line);
    }
}

TEST(BootArgs, WhatIsUnknownOrMalformedIsNamed) {
    EXPECT_EQ(refused("seed=1 colour=red init=/a"), "colour=red");
    for (const char* line :
         {"init", "init=", "init=relative", "trace=", "trace=syscall,", "trace=,trap", "trace=all",
          "selftest=", "selftest=:1", "noise=loud", "noise=fpu,", "noise", "tick=on", "-", "---",
          "quiet", "=", "INIT=/a"}) {
        EXPECT_EQ(refused(line), line);
    }
}

TEST(BootArgs, ArgumentsOfInitAreNotLookedAt) {
    EXPECT_EQ(parsed("-- -- seed=x colour").init_arguments, "-- seed=x colour");
    EXPECT_TRUE(parsed("init=/a --").init_arguments.empty());
}

}  // namespace
}  // namespace dev
