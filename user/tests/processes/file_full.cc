// A file system that is full says ENOSPC to write(2). A mapping cannot be answered: SIGBUS, EFAULT for calls.
#include <asm/statfs.h>

#include "holes.h"

TEST("A page of a file that a full file system has no room for is SIGBUS, and EFAULT for a call.") {
    CHECK(limit_to(RLIMIT_CORE, 0), 0);
    CHECK(enter_folder(), 0);
    int hole = static_cast<int>(create_path("hole", O_CREAT | O_RDWR, 0600));
    CHECK(sys_ftruncate(hole, 4 * PAGE), 0);
    uint64_t view = map_file(hole, 4, MAP_SHARED), own = map_file(hole, 4, MAP_PRIVATE);
    *at(view) = secret(0);
    int filler = static_cast<int>(create_path("filler", O_CREAT | O_RDWR, 0600));
    struct statfs room;
    CHECK(system_call(__NR_fstatfs, filler, reinterpret_cast<long>(&room), 0, 0, 0, 0), 0);
    int64_t size = static_cast<int64_t>(PAGE);
    while (sys_fallocate(filler, 0, 0, size * 2) == 0) size *= 2;
    for (int64_t step = size / 2; step >= static_cast<int64_t>(PAGE); step /= 2) {
        if (sys_fallocate(filler, 0, 0, size + step) == 0) size += step;
    }
    CHECK_THAT(static_cast<uint64_t>(size) / PAGE + 8 > static_cast<uint64_t>(room.f_bfree));
    CHECK(sys_pwrite(hole, "x", 1, PAGE), -ENOSPC);
    CHECK(touched_by_child(view + PAGE), killed_by(SIGBUS));
    CHECK(touched_by_child(own + PAGE), killed_by(SIGBUS));
    CHECK(can_write(view + PAGE), 0);
    CHECK(*at(view), secret(0));
    CHECK(sys_ftruncate(filler, 0), 0);
    *at(view + PAGE) = secret(1);
    CHECK(*at(own + PAGE), secret(1));
    CHECK(sys_unlink("filler"), 0);
    CHECK(sys_unlink("hole"), 0);
    CHECK(leave_folder(), 0);
}
