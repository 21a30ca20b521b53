// Tests that run inside the kernel: `selftest=name` or `selftest=name:argument` on its command line.
//
//   SELFTEST(lib) { ASSERT(…); return true; }
#pragma once
#include "lib/text.h"

namespace selftest {

struct Selftest {
    const char* name;
    bool (*run)(lib::Text argument);
};

// Effect: runs the test and ends the machine: status 0 if it passed, else 1; refuses unknown names.
// Context: boot, interrupts on.
[[noreturn]] void run(lib::Text name, lib::Text argument);

}  // namespace selftest

#define SELFTEST(test)                                                                \
    static bool selftest_##test(lib::Text argument);                                  \
    static constexpr ::selftest::Selftest description_##test{#test, selftest_##test}; \
    [[gnu::section(".selftests"),                                                     \
      gnu::used]] static const ::selftest::Selftest* const registered_##test =        \
        &description_##test;                                                          \
    static bool selftest_##test([[maybe_unused]] lib::Text argument)
