// unlink(2): a name goes; the file stays for whoever has it open.
#include "cairn/check.h"
#include "cairn/folders.h"

static long links(int fd) {
    struct stat status = {};
    sys_fstat(fd, &status);
    return static_cast<long>(status.st_nlink);
}

TEST("A file without a name lives on for whoever has it open; its name is free.") {
    CHECK(enter_folder(), 0);
    int fd = static_cast<int>(create_path("f", O_CREAT | O_RDWR, 0600));
    uint64_t word = secret(0), seen = 0;
    CHECK(sys_write(fd, &word, 8), 8);
    CHECK(sys_link("f", "g"), 0);
    CHECK(links(fd), 2);
    CHECK(sys_unlink("f"), 0);
    CHECK(links(fd), 1);
    CHECK(sys_unlink("g"), 0);
    CHECK(links(fd), 0);
    CHECK(open_path("g", O_RDONLY), -ENOENT);
    int other = static_cast<int>(create_path("g", O_CREAT | O_EXCL | O_RDWR, 0600));
    CHECK(size_of_file(other), 0);
    CHECK(sys_pread(fd, &seen, 8, 0), 8);
    CHECK(seen, secret(0));
    CHECK(sys_pwrite(fd, &word, 8, 8), 8);
    CHECK(size_of_file(fd), 16);
    CHECK(sys_unlink("g"), 0);
    CHECK(sys_unlink("g"), -ENOENT);
    CHECK(leave_folder(), 0);
}
