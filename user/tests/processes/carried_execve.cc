// execve(2), "Effect on process attributes": what a program finds that another one had begun.
#include "carried.h"

static carried::All after;

// What `prepare` leaves, seen by the program that begins then.
template <typename Prepare>
static uint64_t over_execve(Prepare prepare) {
    int told[2];
    if (sys_pipe2(told, O_CLOEXEC) != 0) return 1;
    const long child = start_child([&] {
        const uint64_t wrong = prepare();
        const long failed = wrong == 0 ? carried::begin_again(told[1]) : 0;
        note("before execve: %lu, and it: %ld", wrong, failed);
        return 1;
    });
    sys_close(told[1]);
    after = {};
    const long got = sys_read(told[0], &after, sizeof after);
    sys_close(told[0]);
    return differs("told", got, sizeof after) + differs("wait", wait_for(child), exited(0));
}

static long set_users(long real, long effective, long saved) {
    return system_call(__NR_setresuid, real, effective, saved, 0, 0, 0);
}

static uint64_t with_all_set() {
    uint64_t wrong = over_execve(carried::set_all) + carried::check_kept(after);
    wrong += differs("dumpable", after.dumpable, 1);
    wrong += differs("keep capabilities", after.keeps_capabilities, 0);
    wrong += differs("death signal", after.death_signal, SIGUSR1);
    return wrong + differs("subreaper", after.is_subreaper, 1);
}

// The saved user is the effective one now; a program that runs for somebody else is nobody's to look into,
// and does not end at a signal that its starter chose.
static uint64_t for_another_user() {
    uint64_t wrong = over_execve([] {
        const long result = set_users(1000, 2000, 3000) + carried::prctl(PR_SET_DUMPABLE, 1);
        return static_cast<uint64_t>(result + carried::prctl(PR_SET_PDEATHSIG, SIGUSR1));
    });
    wrong += differs("real", after.users[0], 1000) + differs("effective", after.users[1], 2000);
    wrong += differs("saved", after.users[2], 2000) + differs("files'", after.files_user, 2000);
    return wrong + differs("dumpable", after.dumpable, 0) +
           differs("death signal", after.death_signal, 0);
}

static uint64_t for_itself() {
    uint64_t wrong = over_execve([] {
        const long result = set_users(1000, 1000, 3000) + carried::ask(__NR_setfsuid, 3000);
        return static_cast<uint64_t>(result - 1000 + carried::prctl(PR_SET_PDEATHSIG, SIGUSR1));
    });
    wrong += differs("saved", after.users[2], 1000) + differs("files'", after.files_user, 1000);
    // Its files' user has changed, and with it for whom it acts.
    return wrong + differs("dumpable", after.dumpable, 0) +
           differs("death signal", after.death_signal, 0);
}

TEST(
    "A new program finds what its process said, but dumpable is 1 again, and its saved user the "
    "effective one.") {
    if (carried::is_again(cairn::argument(1))) {
        const carried::All all = carried::look();
        for (;;) sys_exit_group(sys_write(carried::kTold, &all, sizeof all) != sizeof all);
    }
    CHECK(with_all_set(), 0);
    CHECK(for_another_user(), 0);
    CHECK(for_itself(), 0);
}
