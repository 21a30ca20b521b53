// What others may see of a process: not its memory, not its files. Needs the superuser, to become others.
#include "proc_files.h"

static const char* const kSecret[] = {"environ", "maps", "fd", "fdinfo"};
static const char* const kLinks[] = {"exe", "cwd", "root"};
static const char* const kOpen[] = {"stat", "status", "statm", "cmdline", "comm", "limits"};

static uint64_t looks(long pid, long open_answer, long link_answer) {
    uint64_t wrong = 0;
    for (const char* name : kSecret) {
        long fd = open_path(proc::Path(pid, name).bytes, O_RDONLY);
        wrong += differs(name, fd < 0 ? fd : 0, open_answer);
        sys_close(static_cast<int>(fd));
    }
    for (const char* name : kLinks) {
        long size = proc::read_link(proc::Path(pid, name).bytes);
        wrong += differs(name, size < 0 ? size : 0, link_answer);
    }
    for (const char* name : kOpen) {
        wrong += proc::read_file(pid, name) <= 0;
    }
    wrong +=
        differs("comm", open_path(proc::Path(pid, "comm").bytes, O_WRONLY) >= 0, open_answer == 0);
    return wrong;
}

TEST("Strangers see what a process is called and does, but neither its memory nor its files.") {
    auto* step = shared<volatile uint64_t>();
    long child = start_child([=] {
        if (become_user(1001) != 0 || sys_prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) return 1;
        *step = secret(0);
        return await(*step, secret(1)), 0;
    });
    await(*step, secret(0));
    struct stat status = {};
    CHECK(sys_newfstatat(AT_FDCWD, proc::Path(child, "").bytes, &status, 0), 0);
    CHECK(status.st_uid * 10000 + status.st_gid, 10011001);
    CHECK(in_child([=] {
              return become_user(1002) + static_cast<long>(looks(child, -EACCES, -EACCES));
          }),
          0);
    CHECK(in_child([=] { return become_user(1001) + static_cast<long>(looks(child, 0, 0)); }), 0);
    CHECK(looks(child, 0, 0), 0);
    *step = secret(1);
    CHECK(wait_for(child), exited(0));
}
