// The status of a child that exited: its lower eight bits, in the second byte.
#include "cairn/children.h"

TEST("wait4 gives the lower eight bits of the exit status, by exit and by exit_group.") {
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < 12; i++) {
        // Small, large and negative numbers; 0, 255 and 256 among them.
        int edges[] = {0, 1, 127, 128, 255, 256, -1};
        int code = i < 7 ? edges[i] : static_cast<int>(secret(i));
        bool whole_group = i % 2 == 0;
        long pid = fork_process();
        while (pid == 0) whole_group ? sys_exit_group(code) : sys_exit(code);
        wrong += differs("status", wait_for(pid), exited(code));
    }
    CHECK(wrong, 0);
    CHECK(wait_for(start_child([] { return secret(20); })), exited(static_cast<int>(secret(20))));
}
