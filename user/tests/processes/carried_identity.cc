// credentials(7), prctl(2): who begins to act for somebody else keeps no death signal, and nobody may look
// into it.
#include "carried.h"

// The death signal and whether others may look, after `change`.
template <typename Change>
static uint64_t after(Change change) {
    return in_child([&] {
        carried::prctl(PR_SET_PDEATHSIG, 1);
        if (change() < 0) return 77L;
        return 10 * carried::prctl_word(PR_GET_PDEATHSIG) + carried::prctl(PR_GET_DUMPABLE);
    });
}

static long set(long number, long real, long effective, long saved) {
    return system_call(number, real, effective, saved, 0, 0, 0);
}

TEST(
    "A change of the effective or the files' user or group ends dumpable and death signal, no "
    "other does.") {
    CHECK(after([] { return set(__NR_setresuid, 1000, 2000, 3000); }), 0);
    CHECK(after([] { return set(__NR_setresgid, 1000, 2000, 3000); }), 0);
    CHECK(after([] { return set(__NR_setreuid, -1, 1000, 0); }), 0);
    CHECK(after([] { return set(__NR_setuid, 1000, 0, 0); }), 0);
    CHECK(after([] { return set(__NR_setgid, 1000, 0, 0); }), 0);
    CHECK(after([] { return set(__NR_setfsuid, 1000, 0, 0); }), 0);
    CHECK(after([] { return set(__NR_setfsgid, 1000, 0, 0); }), 0);
    CHECK(after([] { return set(__NR_setresuid, 1000, -1, 1000); }), 11);
    CHECK(after([] { return set(__NR_setresgid, 1000, -1, 1000); }), 11);
    CHECK(after([] { return set(__NR_setresuid, 0, 0, 0); }), 11);
    CHECK(after([] { return set(__NR_setgroups, 0, 0, 0); }), 11);
    // What a process says of itself otherwise stays.
    CHECK(in_child([] {
              uint64_t wrong = carried::set_all() + static_cast<uint64_t>(become_user(1000));
              const carried::All all = carried::look();
              wrong += differs("subreaper", all.is_subreaper, 1);
              wrong += differs("no new privileges", all.gains_nothing, 1);
              wrong += differs("keep capabilities", all.keeps_capabilities, 1);
              return wrong + differs("slack", all.slack, 77777) + differs("umask", all.mask, 027);
          }),
          0);
}
