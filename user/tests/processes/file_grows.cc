// write(2), pwrite(2), lseek(2) and ftruncate(2) on a file that grows and shrinks.
#include "cairn/check.h"
#include "cairn/folders.h"

static uint64_t at(int fd, uint64_t offset) {
    uint64_t word = ~0ull;
    return sys_pread(fd, &word, 8, offset) == 8 ? word : ~0ull;
}

TEST("What lies between the pieces of a file reads as zeros, and so does what was cut off.") {
    constexpr uint64_t kFar = uint64_t{1} << 33;
    CHECK(enter_folder(), 0);
    int fd = static_cast<int>(create_path("f", O_CREAT | O_RDWR, 0600));
    uint64_t words[2] = {secret(0), secret(1)};
    CHECK(sys_write(fd, words, 16), 16);
    CHECK(sys_lseek(fd, kFar, SEEK_SET), kFar);
    CHECK(sys_write(fd, words + 1, 8), 8);
    CHECK(status_of("f").st_size, kFar + 8);
    CHECK_THAT(status_of("f").st_blocks < 1000);  // what was not written has no memory
    CHECK(at(fd, 0), secret(0));
    CHECK(at(fd, 5000), 0);
    CHECK(at(fd, kFar - 8), 0);
    CHECK(at(fd, kFar), secret(1));
    CHECK(sys_ftruncate(fd, 8), 0);
    CHECK(at(fd, 0), secret(0));
    CHECK(sys_pread(fd, words, 16, 8), 0);
    CHECK(sys_ftruncate(fd, 4096), 0);
    CHECK(at(fd, 8), 0);
    CHECK(sys_ftruncate(fd, -1), -EINVAL);
    CHECK(sys_pwrite(fd, words, 8, ~uint64_t{0}), -EINVAL);
    CHECK(sys_pwrite(fd, words, 8, INT64_MAX), -EINVAL);
    CHECK(sys_unlink("f"), 0);
    CHECK(leave_folder(), 0);
}
