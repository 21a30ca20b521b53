// EFAULT, call by call: what tells of processes, their ids and their times.
#include "../paging/bad_pointers.h"
#include "cairn/children.h"
#include "cairn/pipe.h"

// How many kinds of bad pointers a call does not answer with EFAULT that writes `size` bytes there.
template <typename Call>
static uint64_t wrong(const char* name, uint64_t size, Call call) {
    return bad::wrong_answers(name, size, true, -EFAULT, call);
}

// A call with the pointer as its n-th argument; the others are as given.
static long with(long number, int n, uint64_t pointer, long a = 0, long b = 0, long c = 0,
                 long d = 0) {
    long arguments[] = {a, b, c, d};
    if (pointer == 0)
        return -EFAULT;  // no pointer at all: most of these take that for "not wanted"
    arguments[n] = static_cast<long>(pointer);
    return system_call(number, arguments[0], arguments[1], arguments[2], arguments[3], 0, 0);
}

TEST("A call about processes that answers through a pointer gives EFAULT for every bad one.") {
    static unsigned ids[3];
    static long a = reinterpret_cast<long>(&ids[0]), b = reinterpret_cast<long>(&ids[1]);
    CHECK(wrong("getresuid", 4, [](uint64_t p) { return with(__NR_getresuid, 2, p, a, b); }), 0);
    CHECK(wrong("getresgid", 4, [](uint64_t p) { return with(__NR_getresgid, 0, p, 0, a, b); }), 0);
    CHECK(wrong("getrusage", sizeof(rusage), [](uint64_t p) { return with(__NR_getrusage, 1, p); }),
          0);
    CHECK(wrong("times", sizeof(tms), [](uint64_t p) { return with(__NR_times, 0, p); }), 0);
    CHECK(wrong("sched_getaffinity", 8,
                [](uint64_t p) { return with(__NR_sched_getaffinity, 2, p, 0, 8); }),
          0);
    CHECK(wrong("sched_getparam", 4, [](uint64_t p) { return with(__NR_sched_getparam, 1, p); }),
          0);
    CHECK(wrong("sched_rr_get_interval", 16,
                [](uint64_t p) { return with(__NR_sched_rr_get_interval, 1, p); }),
          0);
    CHECK(wrong("prctl", 16, [](uint64_t p) { return with(__NR_prctl, 1, p, PR_GET_NAME); }), 0);
    CHECK(wrong("prctl", 4, [](uint64_t p) { return with(__NR_prctl, 1, p, PR_GET_PDEATHSIG); }),
          0);
    CHECK(wrong("getcpu", 4, [](uint64_t p) { return with(__NR_getcpu, 0, p); }), 0);
    CHECK(wrong("pipe2", 8, [](uint64_t p) { return with(__NR_pipe2, 0, p); }), 0);
    CHECK(sys_dup3(0, 3, 0), 3);  // pipe2 has left no descriptor behind
}
