// open(2) with O_CREAT: what is made, what is found, and why not.
#include "cairn/check.h"
#include "cairn/folders.h"

TEST("O_CREAT makes a file or opens the one that is there; O_EXCL wants a new one.") {
    CHECK(enter_folder(), 0);
    CHECK(open_path("f", O_RDWR), -ENOENT);
    CHECK(create_path("f/", O_CREAT | O_RDWR, 0644), -EISDIR);
    CHECK(create_path("no/f", O_CREAT | O_RDWR, 0644), -ENOENT);
    // Whoever makes a file may write to it, whatever its permissions.
    long fd = create_path("f", O_CREAT | O_EXCL | O_RDWR, 0400);
    CHECK_THAT(fd >= 0);
    CHECK(status_of("f").st_mode, 0100400);
    CHECK(sys_write(static_cast<int>(fd), "12345", 5), 5);
    CHECK(create_path("f", O_CREAT | O_EXCL | O_RDWR, 0644), -EEXIST);
    CHECK_THAT(create_path("f", O_CREAT | O_RDWR, 0777) > fd);
    CHECK(status_of("f").st_mode, 0100400);
    CHECK(status_of("f").st_size, 5);
    CHECK(create_path("f/x", O_CREAT | O_RDWR, 0644), -ENOTDIR);
    CHECK(open_path("f", O_RDONLY | O_DIRECTORY), -ENOTDIR);
    CHECK(create_path(".", O_CREAT | O_RDONLY, 0644), -EISDIR);
    CHECK(open_path(".", O_RDWR), -EISDIR);
    CHECK_THAT(open_path("f", O_WRONLY | O_TRUNC) > fd);
    CHECK(status_of("f").st_size, 0);
    CHECK(sys_unlink("f"), 0);
    CHECK(leave_folder(), 0);
}
