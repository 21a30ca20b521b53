// umask(2): nine bits, the old ones are the answer; they are taken from the mode of new files.
#include "cairn/children.h"
#include "cairn/files.h"

static long set_umask(long mask) { return system_call(__NR_umask, mask, 0, 0, 0, 0, 0); }

static long mode_of_new_file(long mode) {
    static const char* const kPath = "umask_calls.new";
    long fd = system_call(__NR_openat, AT_FDCWD, reinterpret_cast<long>(kPath),
                          O_CREAT | O_EXCL | O_RDWR, mode, 0, 0);
    struct stat status = {};
    sys_fstat(static_cast<int>(fd), &status);
    sys_close(static_cast<int>(fd));
    system_call(__NR_unlinkat, AT_FDCWD, reinterpret_cast<long>(kPath), 0, 0, 0, 0);
    return fd < 0 ? fd : status.st_mode & 07777;
}

TEST("umask answers the old mask and keeps nine bits of the new one, which new files do not get.") {
    set_umask(022);
    CHECK(set_umask(0777777), 022);
    CHECK(set_umask(0137), 0777);
    CHECK(mode_of_new_file(0666), 0640);
    CHECK(mode_of_new_file(0777), 0640);
    CHECK(in_child([] { return differs("inherited", set_umask(0), 0137); }), 0);
    CHECK(set_umask(0), 0137);
    CHECK(mode_of_new_file(0666), 0666);
}
