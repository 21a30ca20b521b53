// prctl(2): what a process may say about itself.
#include "cairn/children.h"

static long get(int option) {
    int value = -1;
    long result = sys_prctl(option, reinterpret_cast<long>(&value), 0, 0, 0);
    return result < 0 ? result : value;
}

static uint64_t differs_from(const char* wanted) {
    char name[16] = "???????????????";
    sys_prctl(PR_GET_NAME, reinterpret_cast<long>(name), 0, 0, 0);
    for (int i = 0; i < 16; i++) {
        if (name[i] != wanted[i]) return 1;
        if (name[i] == '\0') break;
    }
    return 0;
}

TEST(
    "prctl keeps name, death signal, subreaper and dumpable of each process, and refuses the "
    "rest.") {
    CHECK(sys_prctl(PR_SET_NAME, reinterpret_cast<long>("a name that is too long"), 0, 0, 0), 0);
    CHECK(differs_from("a name that is "), 0);
    CHECK(get(PR_GET_PDEATHSIG), 0);
    CHECK(sys_prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), 0);
    CHECK(get(PR_GET_PDEATHSIG), SIGKILL);
    CHECK(sys_prctl(PR_SET_PDEATHSIG, 65, 0, 0, 0), -EINVAL);
    CHECK(in_child([] { return get(PR_GET_PDEATHSIG); }), 0);
    CHECK(get(PR_GET_CHILD_SUBREAPER), 0);
    CHECK(sys_prctl(PR_SET_CHILD_SUBREAPER, 7, 0, 0, 0), 0);
    CHECK(get(PR_GET_CHILD_SUBREAPER), 1);
    CHECK(in_child([] { return get(PR_GET_CHILD_SUBREAPER) + differs_from("a name that is "); }),
          0);
    CHECK(sys_prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 1);
    CHECK(sys_prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), 0);
    CHECK(sys_prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
    CHECK(sys_prctl(PR_SET_DUMPABLE, 2, 0, 0, 0), -EINVAL);
    CHECK(sys_prctl(123456, 0, 0, 0, 0), -EINVAL);
    CHECK(sys_prctl(PR_GET_NAME, 8, 0, 0, 0), -EFAULT);
    CHECK(sys_prctl(PR_SET_NAME, 8, 0, 0, 0), -EFAULT);
    CHECK(sys_prctl(PR_GET_PDEATHSIG, 8, 0, 0, 0), -EFAULT);
}
