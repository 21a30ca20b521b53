// O_APPEND: the end of the file is looked up and written to in one step.
#include "cairn/children.h"
#include "cairn/folders.h"

static constexpr uint64_t kRounds = 200;

static int append(uint64_t writer) {
    int fd = static_cast<int>(open_path("log", O_WRONLY | O_APPEND));
    for (uint64_t i = 0; i < kRounds; i++) {
        uint64_t record[2] = {writer, i};
        if (sys_write(fd, record, sizeof record) != sizeof record) return 1;
        if (i % 16 == 0) sys_sched_yield();
    }
    return 0;
}

TEST("Four programs append to one file at once, and no record is lost or torn.") {
    CHECK(enter_folder(), 0);
    CHECK(make_file("log", 0600), 0);
    long pids[4];
    for (uint64_t i = 0; i < 4; i++) pids[i] = start_child([=] { return append(i); });
    long failed = 0;
    for (long pid : pids) failed += wait_for(pid) != exited(0);
    CHECK(failed, 0);
    int fd = static_cast<int>(open_path("log", O_RDONLY));
    uint64_t record[2] = {}, next[4] = {}, wrong = 0;
    while (sys_read(fd, record, sizeof record) == sizeof record) {
        if (record[0] > 3 || record[1] != next[record[0]]++) wrong++;
    }
    CHECK(wrong, 0);
    CHECK(size_of_file(fd), 4 * kRounds * sizeof record);
    CHECK(sys_unlink("log"), 0);
    CHECK(leave_folder(), 0);
}
