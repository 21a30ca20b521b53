// What a child gets from its parent by fork(2), beside memory.
#include "cairn/children.h"
#include "cairn/pipe.h"

static uint64_t limit_of(int resource) {
    rlimit64 limit = {};
    sys_prlimit(resource, nullptr, &limit);
    return limit.rlim_cur;
}

// The child has the same; what it changes is its own.
static uint64_t look_and_change(uint64_t mapping, long group, long session) {
    uint64_t wrong = 0;
    char name[16] = {};
    sys_prctl(PR_GET_NAME, reinterpret_cast<long>(name), 0, 0, 0);
    wrong += differs("name", name[0] == 'm' && name[1] == 'e' && name[2] == '\0', 1);
    wrong += differs("limit", static_cast<long>(limit_of(RLIMIT_CORE)), 12345);
    wrong += differs("umask", system_call(__NR_umask, 0, 0, 0, 0, 0, 0), 0123);
    wrong += differs("nice value", sys_getpriority(PRIO_PROCESS, 0), 20 - 3);
    wrong += differs("group", sys_getpgid(0), group) + differs("session", sys_getsid(0), session);
    wrong += differs("mapping", can_read(mapping), 0);  // PROT_NONE
    wrong += differs("alarm of the times", used_us(RUSAGE_CHILDREN), 0);
    wrong += differs("limit_to", limit_to(RLIMIT_CORE, 1), 0);
    wrong += differs("setpriority", sys_setpriority(PRIO_PROCESS, 0, 5), 0);
    sys_prctl(PR_SET_NAME, reinterpret_cast<long>("you"), 0, 0, 0);
    return wrong;
}

TEST("A child inherits name, limits, umask, nice value, group and session, as copies.") {
    uint64_t mapping = sys_mmap(0, PAGE, PROT_NONE, PRIVATE_ANONYMOUS, -1, 0);
    CHECK(sys_prctl(PR_SET_NAME, reinterpret_cast<long>("me"), 0, 0, 0), 0);
    CHECK(limit_to(RLIMIT_CORE, 12345), 0);
    system_call(__NR_umask, 0123, 0, 0, 0, 0, 0);
    CHECK(sys_setpriority(PRIO_PROCESS, 0, 3), 0);
    CHECK(in_child([=, group = sys_getpgid(0), session = sys_getsid(0)] {
              return look_and_change(mapping, group, session);
          }),
          0);
    CHECK(limit_of(RLIMIT_CORE), 12345);
    CHECK(system_call(__NR_umask, 0, 0, 0, 0, 0, 0), 0123);
    CHECK(sys_getpriority(PRIO_PROCESS, 0), 20 - 3);
}
