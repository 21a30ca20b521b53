// getrlimit(2), RLIMIT_STACK: "Upon reaching this limit, a SIGSEGV signal is generated."
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/memory.h"

TEST("A touch below the stack's limit ends the program.") {
    uint64_t end = (reinterpret_cast<uintptr_t>(cairn::argument(0)) | (PAGE - 1)) + 1;
    CHECK(limit_to(RLIMIT_STACK, 1 << 20), 0);
    *at(end - (1 << 20)) = secret(0);
    CHECK(*at(end - (1 << 20)), secret(0));
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    uint64_t address = patterns[cairn::kAddressRegister] =
        end - (1 << 20) - 8 - secret(1) % (PAGE / 8) * 8;
    VALUE(address);
    cairn::finish();
    cairn::cpu_die_store(patterns);
}
