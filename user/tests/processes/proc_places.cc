// exe, cwd and root of another process.
#include "proc_files.h"

static long call(long number, const char* path, long flags) {
    return system_call(number, AT_FDCWD, reinterpret_cast<long>(path), flags, 0, 0, 0);
}

TEST(
    "exe, cwd and fd lead to what a process runs, stands in and has open, though its name is "
    "gone.") {
    call(__NR_mkdirat, "/tmp", 0777);
    CHECK(call(__NR_mkdirat, "/tmp/place", 0755), 0);
    int made = static_cast<int>(create_path("/tmp/stone", O_CREAT | O_RDWR, 0644));
    CHECK(sys_write(made, "granite", 7), 7);
    auto* step = shared<volatile uint64_t>();
    long child = start_child([=] {
        *step = secret(static_cast<uint64_t>(sys_chdir("/tmp/place")));
        return await(*step, secret(1)), 0;
    });
    await(*step, secret(0));
    CHECK(proc::read_link(proc::Path(child, "cwd").bytes), 10);
    CHECK_THAT(proc::same(proc::text, "/tmp/place"));
    CHECK_THAT(proc::read_link(proc::Path(child, "root").bytes) == 1 && proc::text[0] == '/');
    int place = static_cast<int>(open_path(proc::Path(child, "cwd").bytes, O_RDONLY));
    struct stat own = {}, its = {};
    CHECK(sys_newfstatat(AT_FDCWD, cairn::argument(0), &own, 0), 0);
    CHECK(sys_newfstatat(AT_FDCWD, proc::Path(child, "exe").bytes, &its, 0), 0);
    CHECK(own.st_ino, its.st_ino);
    char name[32], bytes[8] = {};
    format_text(name, sizeof name, "fd/%d", made);
    CHECK_THAT(proc::read_link(proc::Path(child, name).bytes) > 0);
    CHECK_THAT(proc::same(proc::text, "/tmp/stone"));
    CHECK(call(__NR_unlinkat, "/tmp/stone", 0), 0);
    CHECK_THAT(proc::read_link(proc::Path(child, name).bytes) > 0);
    CHECK_THAT(proc::ends(proc::text, " (deleted)"));
    int again = static_cast<int>(open_path(proc::Path(child, name).bytes, O_RDONLY));
    CHECK_THAT(sys_read(again, bytes, 7) == 7 && proc::same(bytes, "granite"));
    *step = secret(1);
    CHECK(wait_for(child), exited(0));
    CHECK(call(__NR_unlinkat, "/tmp/place", AT_REMOVEDIR), 0);
    CHECK(sys_openat(place, "..", O_RDONLY) >= 0, true);
}
