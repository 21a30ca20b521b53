// Who may touch whom: /proc (ptrace(2), "Ptrace access mode checking"), pidfd_getfd(2), prlimit(2).
#include "proc_files.h"

static long set(long number, long real, long effective, long saved) {
    return system_call(number, real, effective, saved, 0, 0, 0);
}

static long open_of(long pid, const char* name) {
    long fd = open_path(proc::Path(pid, name).bytes, O_RDONLY);
    if (fd >= 0) sys_close(static_cast<int>(fd));
    return fd < 0 ? fd : 0;
}

// What a process may do to another one: three digits, 1 for what it may.
static uint64_t touches(long pid) {
    const int pidfd = static_cast<int>(sys_pidfd_open(static_cast<int>(pid), 0));
    const long taken = system_call(__NR_pidfd_getfd, pidfd, 0, 0, 0, 0, 0);
    uint64_t wrong = taken < 0 && taken != -EPERM;
    rlimit64 limit;
    const long limited = system_call(__NR_prlimit64, pid, RLIMIT_NPROC, 0, (long)&limit, 0, 0);
    wrong += limited < 0 && limited != -EPERM;
    const long looked = open_of(pid, "environ");
    wrong += looked != open_of(pid, "maps") || (looked < 0 && looked != -EACCES);
    wrong += open_of(pid, "fdinfo") != looked;
    wrong += (proc::read_link(proc::Path(pid, "exe").bytes) >= 0) != (looked == 0);
    return 1000 * wrong + 100 * (looked == 0) + 10 * (taken >= 0) + (limited == 0);
}

// A child of the caller, which is `user` with `group`; whether it lets others look is its own word.
static uint64_t with_child(long user, long saved, long group, long dumpable) {
    auto* step = shared<volatile uint64_t>();
    const long child = start_child([=] {
        system_call(__NR_setgroups, 0, 0, 0, 0, 0, 0);
        set(__NR_setresgid, group, group, group);
        set(__NR_setresuid, user, user, saved);
        sys_prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0);
        *step = secret(0);
        return await(*step, secret(1)), 0;
    });
    await(*step, secret(0));
    return static_cast<uint64_t>(child);
}

// What somebody with these numbers may do to such a child.
struct Who {
    long group, real, effective, files;
};
static uint64_t as(Who who, long child) {
    return in_child([=] {
        system_call(__NR_setgroups, 0, 0, 0, 0, 0, 0);
        set(__NR_setresgid, who.group, who.group, who.group);
        long result = set(__NR_setresuid, who.real, who.effective, who.real);
        set(__NR_setfsuid, who.files, 0, 0);
        return result == 0 ? touches(child) : 77;
    });
}

static void end(uint64_t child) {
    sys_kill(static_cast<int>(child), SIGKILL);
    wait_for(static_cast<long>(child));
}

static constexpr Who kSame = {1000, 1000, 1000, 1000}, kOtherGroup = {1001, 1000, 1000, 1000},
                     kOther = {1000, 1001, 1001, 1001}, kUsesRoots = {0, 0, 1000, 0},
                     kWasRoot = {1000, 0, 1000, 1000};

TEST(
    "Who may look into a process, take its files or set its limits has all of its user and group "
    "numbers.") {
    uint64_t child = with_child(1000, 1000, 1000, 1);
    const long open = static_cast<long>(child);
    CHECK(as(kSame, open), 111);
    CHECK(as(kOtherGroup, open), 0);
    CHECK(as(kOther, open), 0);
    CHECK(as(kWasRoot, open), 100);
    CHECK(touches(open) / 10, 11);
    end(child);
    child = with_child(1000, 1000, 1000, 0);
    const long closed = static_cast<long>(child);
    CHECK(as(kSame, closed), 1);
    CHECK(touches(closed) / 10, 11);
    end(child);
    child = with_child(1000, 0, 1000, 1);
    CHECK(as(kSame, static_cast<long>(child)), 0);
    end(child);
    child = with_child(0, 0, 0, 1);
    CHECK(as(kUsesRoots, static_cast<long>(child)), 11);
    end(child);
    // Into itself each may look, whatever it said, but its files are root's then; NoNewPrivs all may read.
    CHECK(in_child([] {
              become_user(1000);
              sys_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
              const long self = sys_getpid();
              proc::read_file(self, "status");
              uint64_t wrong = differs("NoNewPrivs", proc::number_of("NoNewPrivs:"), 1);
              wrong += differs("environ", open_of(self, "environ"), -EACCES);
              return wrong + differs("maps", open_of(self, "maps"), 0) +
                     differs("fdinfo", open_of(self, "fdinfo"), 0);
          }),
          0);
}
