// Processes come and go while others look at them.
#include "proc_files.h"
#include "races.h"

static const char* const kNames[] = {"stat", "status", "statm", "cmdline",  "maps",
                                     "comm", "exe",    "cwd",   "fdinfo/0", "fd"};

// What one look may come to: something, or that nobody is there any more.
static bool is_fine(long answer) { return answer >= 0 || answer == -ENOENT || answer == -ESRCH; }

static uint64_t look_at_all(uint64_t round) {
    uint64_t wrong = 0;
    long first = sys_getpid() - 20;
    for (long pid = first < 1 ? 1 : first; pid < first + 60; pid++) {
        const char* name = kNames[(secret(round) + static_cast<uint64_t>(pid)) % 10];
        proc::Path path(pid, name);
        long answer = name[0] == 'e' || name[1] == 'w' ? proc::read_link(path.bytes)
                                                       : proc::read_path(path.bytes);
        wrong += !is_fine(answer) && answer != -EISDIR && answer != -EACCES;
    }
    return wrong;
}

TEST(
    "While processes begin and end, what /proc says of them is there or it is not; nothing else.") {
    auto* wrong = shared<volatile uint64_t>();
    auto* done = shared<volatile uint64_t>();
    long watcher = start_child([=] {
        for (uint64_t i = 0; *done == 0; i++) *wrong = *wrong + look_at_all(i);
        return 0;
    });
    uint64_t rounds = argument_number(1, 30), bad = 0;
    for (uint64_t i = 0; i < rounds; i++) {
        long pids[6];
        for (uint64_t j = 0; j < 6; j++) {
            pids[j] = start_child([=] { return races::dawdle(i * 6 + j, 3000), 5; });
        }
        bad += look_at_all(i);
        for (long pid : pids) bad += wait_for(pid) != exited(5);
    }
    *done = 1;
    CHECK(wait_for(watcher), exited(0));
    CHECK(bad + *wrong, 0);
}
