// getrlimit(2), RLIMIT_AS: "In addition, automatic stack expansion fails (and generates a SIGSEGV …)."
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/memory.h"

static constexpr uint64_t kAllowed = 10;  // pages by which the stack may still grow

// How many pages are mapped: so many that just this many more are refused.
static uint64_t mapped_pages() {
    uint64_t least = 0, most = 1 << 20;
    while (least < most) {
        uint64_t middle = (least + most) / 2;
        limit_to(RLIMIT_AS, middle * PAGE);
        long page = map_memory(PAGE);
        if (page > 0) sys_munmap(static_cast<uint64_t>(page), PAGE);
        if (page > 0) most = middle;
        if (page < 0) least = middle + 1;
    }
    return least - 1;
}

TEST("A stack grows while all mappings together stay within RLIMIT_AS, and no page further.") {
    // A stack of one page, with nothing for 64 MiB below it.
    uint64_t begin = static_cast<uint64_t>(map_memory(64 << 20)) + (64 << 20) - PAGE;
    CHECK(sys_munmap(begin - (64 << 20) + PAGE, 64 << 20), 0);
    CHECK(sys_mmap(begin, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0),
          begin);
    *at(begin) = secret(0);
    // Memory that is private and writable is counted by RLIMIT_DATA, stacks are not.
    CHECK(limit_to(RLIMIT_DATA, 0), 0);
    *at(begin - PAGE) = secret(1);
    CHECK(*at(begin - PAGE), secret(1));
    CHECK(limit_to(RLIMIT_DATA, RLIM64_INFINITY), 0);
    begin -= PAGE;
    uint64_t mapped = mapped_pages();
    CHECK(limit_to(RLIMIT_AS, (mapped + kAllowed) * PAGE), 0);
    CHECK(can_write(begin - (kAllowed + 1) * PAGE), 0);
    CHECK(is_mapped(begin - PAGE), 0);
    *at(begin - (kAllowed - 1) * PAGE) = secret(2);
    CHECK(*at(begin - (kAllowed - 1) * PAGE), secret(2));
    CHECK(can_write(begin - kAllowed * PAGE), 1);
    CHECK(can_write(begin - (kAllowed + 1) * PAGE), 0);
    CHECK(*at(begin + PAGE), secret(0));
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    uint64_t address = patterns[cairn::kAddressRegister] =
        begin - (kAllowed + 1) * PAGE + secret(3) % (PAGE / 8) * 8;
    VALUE(address);
    cairn::finish();
    cairn::cpu_die_store(patterns);
}
