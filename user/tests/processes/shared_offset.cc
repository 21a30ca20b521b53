// Open files after fork(2): descriptors are copied, what they refer to is one and the same.
#include <linux/fs.h>

#include "cairn/children.h"
#include "cairn/pipe.h"

TEST("Parent and child share an open file and its offset; closing is each one's own.") {
    int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    CHECK_THAT(fd >= 0);
    CHECK(sys_lseek(fd, 16, SEEK_SET), 16);
    uint64_t mine = 0, childs = 0;
    CHECK(in_child([&] {
              uint64_t wrong = differs("offset", sys_lseek(fd, 0, SEEK_CUR), 16);
              wrong += differs("seek", sys_lseek(fd, 24, SEEK_SET), 24);
              return wrong + differs("close", sys_close(fd), 0);
          }),
          0);
    CHECK(sys_lseek(fd, 0, SEEK_CUR), 24);
    CHECK(sys_read(fd, &mine, 8), 8);
    CHECK(in_child([&] { return sys_lseek(fd, 0, SEEK_CUR) - 32; }), 0);
    CHECK(sys_pread(fd, &childs, 8, 24), 8);
    CHECK(mine, childs);
    // A descriptor that the child opens is none of the parent's.
    CHECK(in_child([&] { return sys_dup3(fd, 17, 0) - 17; }), 0);
    CHECK(sys_close(17), -EBADF);
}
