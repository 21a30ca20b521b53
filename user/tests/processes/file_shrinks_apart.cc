// ftruncate(2) on one CPU, while another one uses the pages: what it remembers of them is no use to it.
#include "holes.h"

TEST(
    "When a file has been cut no process on another CPU touches what is gone, and who tries "
    "ends.") {
    CHECK(limit_to(RLIMIT_CORE, 0), 0);
    CHECK(enter_folder(), 0);
    int fd = static_cast<int>(create_path("f", O_CREAT | O_RDWR, 0600));
    struct Progress {
        volatile uint64_t reads, writes;
    };
    auto* progress = shared<Progress>();
    uint64_t wrong = 0, next = map_memory(PAGE);
    for (uint64_t i = 0; i < argument_number(1, 10); i++) {
        wrong += sys_ftruncate(fd, 2 * PAGE) != 0;
        uint64_t page = map_file(fd, 2, MAP_SHARED) + PAGE;
        progress->reads = 0;
        progress->writes = 0;
        long reader = start_child([=] {
            for (uint64_t n = 1; *at(page + 8) == 0; n++) progress->reads = n;
            return 1;
        });
        long writer = start_child([=] {
            for (uint64_t n = 1; n != 0; n++) {
                *at(page) = n;
                progress->writes = n;
            }
            return 0;
        });
        while (progress->reads < 500 || progress->writes < 500) sys_sched_yield();
        wrong += sys_ftruncate(fd, PAGE) != 0;
        // Whoever gets the frame next is not disturbed.
        sys_mmap(next, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);
        *at(next) = secret(i);
        for (int n = 0; n < 1000; n++) wrong += *at(next) != secret(i);
        wrong += differs("reader", wait_for(reader), killed_by(SIGBUS));
        wrong += differs("writer", wait_for(writer), killed_by(SIGBUS));
        sys_munmap(page - PAGE, 2 * PAGE);
    }
    CHECK(wrong, 0);
    CHECK(sys_unlink("f"), 0);
    CHECK(leave_folder(), 0);
}
