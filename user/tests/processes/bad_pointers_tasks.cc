// EFAULT, call by call: what makes processes, waits for them, or is told something.
#include "../paging/bad_pointers.h"
#include "cairn/children.h"
#include "cairn/pipe.h"

template <typename Call>
static uint64_t wrong(const char* name, uint64_t size, bool is_written, Call call) {
    return bad::wrong_answers(name, size, is_written, -EFAULT, call);
}

// One call with one dead child, which is gone afterwards, whatever the call did with it.
template <typename Call>
static long with_child(uint64_t pointer, Call call) {
    if (pointer == 0) return -EFAULT;  // not wanted
    int child = static_cast<int>(start_child([] { return 1; }));
    long answer = call(child);
    while (sys_wait4(child, nullptr, 0, nullptr) == child) {
    }
    return answer;
}

template <typename T>
static T* as(uint64_t address) {
    return reinterpret_cast<T*>(address);
}

TEST("A call that makes, waits for or sets a process answers EFAULT for every bad pointer.") {
    CHECK(wrong("wait4", 4, true,
                [](uint64_t p) {
                    return with_child(
                        p, [=](int child) { return sys_wait4(child, as<int>(p), 0, nullptr); });
                }),
          0);
    CHECK(wrong("wait4", sizeof(rusage), true,
                [](uint64_t p) {
                    return with_child(
                        p, [=](int child) { return sys_wait4(child, nullptr, 0, as<rusage>(p)); });
                }),
          0);
    CHECK(wrong("waitid", 32, true,
                [](uint64_t p) {
                    return with_child(p, [=](int child) {
                        return sys_waitid(P_PID, child, as<siginfo_t>(p), WEXITED, nullptr);
                    });
                }),
          0);
    CHECK(wrong("clone3", sizeof(clone_args), false,
                [](uint64_t p) { return sys_clone3(as<clone_args>(p), sizeof(clone_args)); }),
          0);
    CHECK(wrong("nanosleep", 16, false,
                [](uint64_t p) {
                    return sys_clock_nanosleep(1, 0, as<__kernel_timespec>(p), nullptr);
                }),
          0);
    CHECK(wrong("sched_setaffinity", 8, false,
                [](uint64_t p) { return sys_sched_setaffinity(0, 8, as<void>(p)); }),
          0);
    CHECK(wrong("ppoll", sizeof(pollfd) * 2, true,
                [](uint64_t p) {
                    __kernel_timespec now = {0, 0};
                    return sys_ppoll(as<pollfd>(p), 2, &now);
                }),
          0);
}
