// Finds the test by its name among the descriptors that SELFTEST left in the section .selftests.
#include "selftest/selftest.h"

#include "arch/cpu.h"
#include "core/log.h"
#include "core/panic.h"
#include "lib/assert.h"

namespace selftest {

extern "C" {
extern const Selftest* const selftests_begin[];
extern const Selftest* const selftests_end[];
}

// The test of this name, or null. The order of linking must not choose between two.
static const Selftest* find(lib::Text name) {
    const Selftest* found = nullptr;
    for (const Selftest* const* test = selftests_begin; test != selftests_end; test++) {
        if (!(name == (*test)->name)) continue;
        if (found != nullptr) PANIC("self-test {} is defined twice", name);
        found = *test;
    }
    return found;
}

void run(lib::Text name, lib::Text argument) {
    const Selftest* test = find(name);
    if (test == nullptr) core::refuse("selftest={} is not a test of this kernel", name);
    const bool passed = test->run(argument);
    core::log("selftest {}: {}", name, passed ? "ok" : "failed");
    arch::power_off(passed ? 0 : 1);
}

}  // namespace selftest
