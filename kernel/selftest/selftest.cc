// Finds the test by its name among the descriptors that SELFTEST left in the section .selftests.
#include "selftest/selftest.h"

#include "arch/cpu.h"
#include "core/log.h"
#include "core/panic.h"

namespace selftest {

extern "C" {
extern const Selftest* const selftests_begin[];
extern const Selftest* const selftests_end[];
}

void run(lib::Text name, lib::Text argument) {
    for (const Selftest* const* test = selftests_begin; test != selftests_end; test++) {
        if (!(name == (*test)->name)) continue;
        const bool passed = (*test)->run(argument);
        core::log("selftest {}: {}", name, passed ? "ok" : "failed");
        arch::power_off(passed ? 0 : 1);
    }
    core::refuse("selftest={} is not a test of this kernel", name);
}

}  // namespace selftest
