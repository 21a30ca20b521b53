// Pids: each new one is larger than the last, and comes round again when the largest is reached.
#include "cairn/children.h"
#include "cairn/files.h"
#include "cairn/print.h"

static constexpr int kMost = 400, kForks = 1000;

// In a machine of our own pids are made to come round soon; elsewhere nobody's settings are touched.
static void narrow_pids() {
    char text[8];
    if (sys_getpid() != 1) return;
    int fd = static_cast<int>(open_path("/proc/sys/kernel/pid_max", O_WRONLY));
    sys_write(fd, text, format_text(text, sizeof text, "%d", kMost));
    sys_close(fd);
}

TEST("Pids go up and come round, and that of a zombie, or of a living group, is not given again.") {
    narrow_pids();
    int zombie = static_cast<int>(start_child([] { return 1; }));
    // This process is gone, but its group and session live on in a child.
    auto* member = shared<volatile int>();
    int leader = static_cast<int>(start_child([=] {
        sys_setsid();
        *member = static_cast<int>(start_child([] {
            for (;;) sleep_us(1000000);
            return 0;
        }));
        return 2;
    }));
    CHECK(wait_for(leader), exited(2));
    uint64_t again = 0, turns = 0, wrong = 0;
    for (int i = 0, last = leader; i < kForks; i++) {
        int pid = static_cast<int>(start_child([] { return 0; }));
        again += pid == zombie || pid == leader || pid == *member;
        turns += pid <= last;
        last = pid;
        wrong += wait_for(pid) != exited(0);
    }
    CHECK(again + wrong, 0);
    CHECK_THAT(turns <= kForks / (kMost - 301 - 10));
    CHECK(sys_kill(*member, SIGKILL), 0);
    CHECK(wait_for(zombie), exited(1));
}
