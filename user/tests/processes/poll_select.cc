// select(2), as pselect6, which both CPUs have.
#include "cairn/children.h"
#include "cairn/pipe.h"

static long pselect6(int count, uint64_t* in, uint64_t* out, uint64_t* exceptional, int64_t ns) {
    struct __kernel_timespec time = {ns / 1000000000, ns % 1000000000};
    return system_call(__NR_pselect6, count, reinterpret_cast<long>(in),
                       reinterpret_cast<long>(out), reinterpret_cast<long>(exceptional),
                       reinterpret_cast<long>(&time), 0);
}

static uint64_t bit(int fd) { return uint64_t{1} << fd; }

TEST("select reports in its sets what is ready, counts it, and knows descriptors beyond 64.") {
    int ends[2] = {-1, -1};
    CHECK(sys_pipe2(ends, 0), 0);
    uint64_t in[4] = {bit(ends[0])}, out[4] = {bit(ends[0]) | bit(ends[1])}, other = bit(ends[0]);
    CHECK(pselect6(16, in, out, &other, 0), 1);
    CHECK(in[0] | other, 0);
    CHECK(out[0], bit(ends[1]));
    CHECK(put_word(ends[1], 1), 8);
    in[0] = bit(ends[0]) | bit(ends[1]);
    CHECK(pselect6(16, in, out, nullptr, 1000000000), 2);
    CHECK(in[0], bit(ends[0]));
    in[0] = bit(ends[0]);
    CHECK(pselect6(ends[0], in, nullptr, nullptr, 0), 0);
    CHECK(sys_dup3(ends[0], 130, 0), 130);
    in[2] = bit(2);
    CHECK(pselect6(131, in, nullptr, nullptr, 0), 1);
    CHECK(in[2], bit(2));
    in[0] = bit(60);
    CHECK(pselect6(61, in, nullptr, nullptr, 0), -EBADF);
    CHECK(in[0], bit(60));
    CHECK(pselect6(-1, in, nullptr, nullptr, 0), -EINVAL);
    CHECK(pselect6(1, reinterpret_cast<uint64_t*>(8), nullptr, nullptr, 0), -EFAULT);
    CHECK(pselect6(0, nullptr, nullptr, nullptr, 1000000), 0);
    CHECK(pselect6(0, nullptr, nullptr, nullptr, -1), -EINVAL);
}
