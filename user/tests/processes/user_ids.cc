// The three user ids, as root and as an ordinary user: setuid, setreuid, setresuid (credentials(7)).
#include "cairn/children.h"

static long set_ids(long real, long effective, long saved) {
    return system_call(__NR_setresuid, real, effective, saved, 0, 0, 0);
}

static uint64_t are(const char* when, unsigned real, unsigned effective, unsigned saved) {
    unsigned ids[3] = {77, 77, 77};
    system_call(__NR_getresuid, (long)&ids[0], (long)&ids[1], (long)&ids[2], 0, 0, 0);
    if (ids[0] == real && ids[1] == effective && ids[2] == saved) return 0;
    note("%s: %u %u %u", when, ids[0], ids[1], ids[2]);
    return 1;
}

static uint64_t as_root() {
    uint64_t wrong = differs("setresuid", set_ids(1, 2, 3), 0) + are("setresuid", 1, 2, 3);
    wrong += differs("take another", set_ids(4, -1, -1), -EPERM);
    wrong += differs("change places", set_ids(3, 1, 2), 0) + are("change places", 3, 1, 2);
    wrong += differs("nothing", set_ids(-1, -1, -1), 0) + are("nothing", 3, 1, 2);
    return wrong + differs("root again", set_ids(0, -1, -1), -EPERM);
}

static uint64_t with_setuid() {
    uint64_t wrong = differs("leave", set_ids(-1, 1000, -1), 0) + are("leave", 0, 1000, 0);
    wrong += differs("come back", system_call(__NR_setuid, 0, 0, 0, 0, 0, 0), 0);
    wrong += are("come back", 0, 0, 0);
    wrong += differs("for good", system_call(__NR_setuid, 1000, 0, 0, 0, 0, 0), 0);
    wrong += are("for good", 1000, 1000, 1000);
    wrong += differs("no way back", system_call(__NR_setuid, 0, 0, 0, 0, 0, 0), -EPERM);
    return wrong + differs("nor so", system_call(__NR_setreuid, -1, 0, 0, 0, 0, 0), -EPERM);
}

TEST("Root sets any user ids, others only exchange their own; setuid of root is for good.") {
    CHECK(in_child(as_root), 0);
    CHECK(in_child(with_setuid), 0);
    CHECK(sys_getuid() + sys_geteuid(), 0);
}
