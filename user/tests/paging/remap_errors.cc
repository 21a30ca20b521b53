// mremap(2), ERRORS, and which comes first.
#include "cairn/check.h"
#include "cairn/memory.h"

static constexpr int kTo = MREMAP_MAYMOVE | MREMAP_FIXED;

TEST("mremap answers EINVAL for what makes no sense and EFAULT for what is not mapped.") {
    uint64_t memory = map_memory(8 * PAGE);
    *at(memory) = secret(0);
    CHECK(sys_munmap(memory + 4 * PAGE, 4 * PAGE), 0);
    CHECK(sys_mremap(memory + 8, PAGE, PAGE, 0, 0), -EINVAL);
    CHECK(sys_mremap(memory, PAGE, 0, 0, 0), -EINVAL);
    CHECK(sys_mremap(memory, PAGE, PAGE, 0x80, 0), -EINVAL);
    CHECK(sys_mremap(memory, PAGE, PAGE, MREMAP_FIXED, memory), -EINVAL);
    CHECK(sys_mremap(memory, PAGE, PAGE, kTo, memory + 4 * PAGE + 8), -EINVAL);
    CHECK(sys_mremap(memory, 2 * PAGE, 2 * PAGE, kTo, memory + PAGE), -EINVAL);
    CHECK(sys_mremap(memory, PAGE, PAGE, kTo, uint64_t{1} << 63), -EINVAL);
    CHECK(sys_mremap(memory, 0, PAGE, MREMAP_MAYMOVE, 0), -EINVAL);  // old_size 0: shared ones only
    CHECK(sys_mremap(memory + 4 * PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE, 0), -EFAULT);
    CHECK(sys_mremap(memory + 4 * PAGE, 0, PAGE, 0x80, 0), -EINVAL);
    CHECK(sys_mremap(memory + 2 * PAGE, 4 * PAGE, 5 * PAGE, MREMAP_MAYMOVE, 0), -EFAULT);
    // What shrinks is unmapped behind its new end, and that range is no range at all.
    CHECK(sys_mremap(memory, uint64_t{1} << 62, PAGE, kTo, memory - 16 * PAGE), -EINVAL);
    CHECK(sys_mremap(memory, ~uint64_t{0} - PAGE, PAGE, kTo, memory - 16 * PAGE), -EINVAL);
    CHECK(sys_mremap(memory, uint64_t{1} << 62, PAGE, 0, 0), -EINVAL);
    // More than there are addresses: ENOMEM, from Linux 6.17 on EINVAL.
    long huge = sys_mremap(memory, PAGE, uint64_t{1} << 62, MREMAP_MAYMOVE, 0);
    CHECK_THAT(huge == -ENOMEM || huge == -EINVAL);
    CHECK(*at(memory), secret(0));
    CHECK(is_mapped(memory + 3 * PAGE), 1);
}
