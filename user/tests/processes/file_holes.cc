// fallocate(2), FALLOC_FL_PUNCH_HOLE; madvise(2), MADV_REMOVE, of a file.
#include "holes.h"

TEST(
    "A hole in a file reads as zeros in every mapping, frees its pages, and spares private "
    "copies.") {
    CHECK(enter_folder(), 0);
    int fd = static_cast<int>(create_path("f", O_CREAT | O_RDWR, 0600));
    CHECK(sys_ftruncate(fd, 4 * PAGE), 0);
    uint64_t shared = map_file(fd, 4, MAP_SHARED), own = map_file(fd, 4, MAP_PRIVATE);
    for (uint64_t i = 0; i < 8; i++) *at(shared + i * PAGE / 2) = secret(i);
    *at(own + PAGE + 8) = secret(9);
    CHECK(*at(own + 2 * PAGE), secret(4));  // looked at, not copied
    auto blocks = status_of("f").st_blocks;
    CHECK(sys_fallocate(fd, kPunch, PAGE / 2, 2 * PAGE), 0);
    CHECK(size_of_file(fd), 4 * PAGE);
    CHECK(status_of("f").st_blocks, blocks - 8);
    uint64_t want[8] = {secret(0), 0, 0, 0, 0, secret(5), secret(6), secret(7)};
    uint64_t wrong = 0, word;
    for (uint64_t i = 0; i < 8; i++) {
        wrong += *at(shared + i * PAGE / 2) != want[i];
        wrong += sys_pread(fd, &word, 8, i * PAGE / 2) != 8 || word != want[i];
    }
    CHECK(wrong, 0);
    CHECK(*at(own + PAGE), secret(2));
    CHECK(*at(own + PAGE + 8), secret(9));
    CHECK(*at(own + 2 * PAGE), 0);
    // Another process maps it, too.
    CHECK(in_child([=] { return sys_madvise(shared + 3 * PAGE, PAGE, MADV_REMOVE); }), 0);
    CHECK(*at(shared + 3 * PAGE), 0);
    CHECK(*at(own + 3 * PAGE), 0);
    *at(shared + PAGE) = secret(1);
    CHECK(sys_pread(fd, &word, 8, PAGE), 8);
    CHECK(word, secret(1));
    CHECK(sys_fallocate(fd, 2, 0, PAGE), -EOPNOTSUPP);
    CHECK(sys_fallocate(fd, kPunch, 0, 0), -EINVAL);
    CHECK(sys_fallocate(fd, kPunch, 8 * PAGE, PAGE), 0);
    CHECK(size_of_file(fd), 4 * PAGE);
    CHECK(sys_fallocate(static_cast<int>(open_path("f", O_RDONLY)), kPunch, 0, PAGE), -EBADF);
    CHECK(sys_madvise(own, PAGE, MADV_REMOVE), -EACCES);
    CHECK(sys_unlink("f"), 0);
    CHECK(leave_folder(), 0);
}
