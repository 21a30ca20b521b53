// fallocate(2) and statfs(2): memory for what will be written.
#include "cairn/check.h"
#include "cairn/folders.h"

static long allocate(int fd, int mode, int64_t offset, int64_t size) {
    return system_call(__NR_fallocate, fd, mode, offset, size, 0, 0);
}

TEST("fallocate gives a file memory, and its size unless that shall stay.") {
    CHECK(enter_folder(), 0);
    int fd = static_cast<int>(create_path("f", O_CREAT | O_RDWR, 0600));
    CHECK(allocate(fd, 0, 0, 0), -EINVAL);
    CHECK(allocate(fd, 0, -1, 5), -EINVAL);
    CHECK(allocate(fd, 0, 4096, 8192), 0);
    CHECK(size_of_file(fd), 12288);
    CHECK_THAT(status_of("f").st_blocks >= 16);
    CHECK(allocate(fd, 1 /* FALLOC_FL_KEEP_SIZE */, 0, 65536), 0);
    CHECK(size_of_file(fd), 12288);
    CHECK_THAT(status_of("f").st_blocks >= 24);
    CHECK(allocate(fd, 0, INT64_MAX, 2), -EFBIG);
    CHECK(allocate(99, 0, 0, 1), -EBADF);
    int reader = static_cast<int>(open_path("f", O_RDONLY));
    CHECK(allocate(reader, 0, 0, 1), -EBADF);
    CHECK(sys_ftruncate(reader, 0), -EINVAL);
    CHECK(system_call(__NR_fsync, fd, 0, 0, 0, 0, 0), 0);
    CHECK(system_call(__NR_fsync, 99, 0, 0, 0, 0, 0), -EBADF);
    CHECK(sys_unlink("f"), 0);
    CHECK(leave_folder(), 0);
}
