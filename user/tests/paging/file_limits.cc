// prlimit(2), RLIMIT_NOFILE: no descriptor beyond the limit, and no way to pass it.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

static long open_null() { return open_path("/dev/null", O_RDONLY); }

TEST("RLIMIT_NOFILE bounds the numbers of descriptors; what is wrong with a limit is said.") {
    const long next = open_null();
    rlimit64 limit = {};
    CHECK(sys_prlimit(RLIMIT_NOFILE, nullptr, &limit), 0);
    const rlimit64 before = limit;
    limit.rlim_cur = static_cast<uint64_t>(next) + 3;
    rlimit64 previous = {};
    CHECK(sys_prlimit(RLIMIT_NOFILE, &limit, &previous), 0);
    CHECK(previous.rlim_cur, before.rlim_cur);
    CHECK_THAT(open_null() == next + 1 && open_null() == next + 2);
    CHECK(open_null(), -EMFILE);
    CHECK(open_path("/no/such", O_RDONLY), -EMFILE);
    CHECK(system_call(__NR_dup, next, 0, 0, 0, 0, 0), -EMFILE);
    CHECK(system_call(__NR_fcntl, next, F_DUPFD, next + 3, 0, 0, 0), -EINVAL);
    CHECK(sys_close(static_cast<int>(next)), 0);
    CHECK(open_null(), next);
    limit.rlim_cur = limit.rlim_max + 1;
    CHECK(sys_prlimit(RLIMIT_NOFILE, limit.rlim_cur == 0 ? nullptr : &limit, nullptr), -EINVAL);
    CHECK(sys_prlimit(99, nullptr, &previous), -EINVAL);
    CHECK(system_call(__NR_prlimit64, 0x7ffffff, RLIMIT_AS, 0, (long)&previous, 0, 0), -ESRCH);
}
