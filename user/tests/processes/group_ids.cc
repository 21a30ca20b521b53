// The group ids and the list of further groups: setgid, setregid, setresgid, setgroups.
#include "cairn/children.h"

static uint64_t are(const char* when, unsigned real, unsigned effective, unsigned saved) {
    unsigned ids[3] = {77, 77, 77};
    system_call(__NR_getresgid, (long)&ids[0], (long)&ids[1], (long)&ids[2], 0, 0, 0);
    if (ids[0] == real && ids[1] == effective && ids[2] == saved) return 0;
    note("%s: %u %u %u", when, ids[0], ids[1], ids[2]);
    return 1;
}

static long call(long number, long a, long b) { return system_call(number, a, b, -1, 0, 0, 0); }

static uint64_t tries() {
    unsigned list[4] = {30, 10, 20, 10}, got[4] = {};
    uint64_t wrong = differs("setgroups", call(__NR_setgroups, 4, (long)list), 0);
    wrong += differs("how many", call(__NR_getgroups, 0, 0), 4);
    wrong += differs("too few", call(__NR_getgroups, 3, (long)got), -EINVAL);
    wrong += differs("getgroups", call(__NR_getgroups, 4, (long)got), 4);
    wrong += differs("sum", got[0] + got[1] + got[2] + got[3], 70);
    wrong += differs("too many", call(__NR_setgroups, 65537, (long)list), -EINVAL);
    wrong += differs("setresgid", call(__NR_setresgid, 5, 6), 0) + are("setresgid", 5, 6, 0);
    // A new real id, or an effective one that is not the real one, becomes the saved one, too.
    wrong += differs("setregid", call(__NR_setregid, 7, 8), 0) + are("setregid", 7, 8, 8);
    wrong += differs("setgid", call(__NR_setgid, 9, 0), 0) + are("setgid", 9, 9, 9);
    wrong += in_child([] { return differs("list", call(__NR_getgroups, 0, 0), 4); });
    wrong += differs("setuid", call(__NR_setuid, 1000, 0), 0);
    wrong += differs("own", call(__NR_setgid, 9, 0), 0);
    wrong += differs("root's", call(__NR_setgid, 0, 0), -EPERM);
    wrong += differs("setregid", call(__NR_setregid, 0, -1), -EPERM);
    return wrong + differs("setgroups", call(__NR_setgroups, 0, 0), -EPERM);
}

TEST("Group ids follow the rules of user ids, and only root sets the list of further groups.") {
    CHECK(in_child(tries), 0);
}
