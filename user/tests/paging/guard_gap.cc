// The stack keeps a distance of 256 pages from a mapping below it (Linux: stack_guard_gap), so that an
// overflow hits nothing of value. Argument 1: whether to die of it.
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/memory.h"

static constexpr uint64_t kGap = 256 * PAGE;

TEST("The stack does not grow into the 256 pages above a mapping.") {
    uint64_t end = (reinterpret_cast<uintptr_t>(cairn::argument(0)) | (PAGE - 1)) + 1;
    uint64_t wall = end - (4 << 20);
    CHECK(sys_mmap(wall, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0), wall);
    *at(wall + PAGE + kGap) = secret(0);
    CHECK(*at(wall + PAGE + kGap), secret(0));
    CHECK(can_write(wall + kGap), 0);
    CHECK(is_mapped(wall + kGap), 0);
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    uint64_t address = patterns[cairn::kAddressRegister] = wall + kGap + secret(1) % (PAGE / 8) * 8;
    VALUE(address);
    cairn::finish();
    if (argument_number(1, 0) != 0) cairn::cpu_die_store(patterns);
}
