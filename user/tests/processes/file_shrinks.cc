// ftruncate(2), mmap(2): "The effect of changing the size of the underlying file of a mapping on the pages
// that correspond to added or removed regions of the file is unspecified" to POSIX; Linux takes them away.
#include "holes.h"

static uint64_t is_gone(uint64_t page) {
    return differs("a touch", touched_by_child(page), killed_by(SIGBUS)) + (can_read(page) != 0) +
           (can_write(page) != 0);
}

TEST("What a file loses is gone from every mapping: SIGBUS, EFAULT, and zeros when it grows.") {
    CHECK(limit_to(RLIMIT_CORE, 0), 0);
    CHECK(enter_folder(), 0);
    int fd = static_cast<int>(create_path("f", O_CREAT | O_RDWR, 0600));
    CHECK(sys_ftruncate(fd, 4 * PAGE), 0);
    uint64_t shared = map_file(fd, 4, MAP_SHARED), own = map_file(fd, 4, MAP_PRIVATE);
    uint64_t tail = sys_mmap(0, 2 * PAGE, READ_WRITE, MAP_SHARED, fd, 2 * PAGE);
    for (uint64_t i = 0; i < 4; i++) {
        *at(shared + i * PAGE) = secret(i);
        *at(own + i * PAGE + 8) = secret(i + 4);
    }
    CHECK(*at(tail), secret(2));
    CHECK(sys_ftruncate(fd, PAGE + 8), 0);
    CHECK(is_gone(shared + 2 * PAGE), 0);
    CHECK(is_gone(own + 3 * PAGE), 0);
    CHECK(is_gone(tail), 0);
    CHECK(*at(shared + PAGE), secret(1));
    CHECK(*at(own + PAGE + 8), secret(5));  // a copy of a page that stays
    // Behind the end the last page is zeros, also if it was written to there, once the file has grown.
    *at(shared + PAGE + 800) = secret(0);
    CHECK(sys_truncate("f", PAGE), 0);
    CHECK(sys_ftruncate(fd, 4 * PAGE), 0);
    uint64_t word = 1, wrong = 0;
    for (uint64_t i = PAGE; i < 4 * PAGE; i += 800) {
        wrong += differs("the count", sys_pread(fd, &word, 8, static_cast<int64_t>(i)), 8);
        wrong += differs("the file", static_cast<long>(word), 0);
        wrong += differs("the mapping", static_cast<long>(*at(shared + i)), 0);
    }
    CHECK(wrong, 0);
    CHECK(*at(own + 2 * PAGE + 8), 0);
    CHECK(*at(own + 3 * PAGE + 8), 0);
    *at(tail + PAGE) = secret(6);
    CHECK(*at(shared + 3 * PAGE), secret(6));
    CHECK(*at(own + 3 * PAGE), secret(6));
    CHECK(sys_close(static_cast<int>(open_path("f", O_WRONLY | O_TRUNC))), 0);
    CHECK(is_gone(shared) + is_gone(own), 0);
    CHECK(sys_pwrite(fd, &word, 8, 0), 8);
    CHECK(*at(own + 8), 0);
    CHECK(sys_unlink("f"), 0);
    CHECK(leave_folder(), 0);
}
