// ENOMEM in the middle of fork: there is no child then, and nothing of one.
#include "../paging/fail_nth.h"
#include "cairn/children.h"
#include "cairn/pipe.h"

static uint64_t memory;
static int pipe_ends[2];
static int* pidfd;  // in shared memory: to write there needs no page

// Nothing is left of a child: nobody to wait for, no descriptor, no writer, no shared page.
static bool is_whole() {
    if (sys_wait4(-1, nullptr, WNOHANG, nullptr) != -ECHILD) return false;
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < 4; i++) {
        wrong += *at(memory + i * PAGE) != secret(i);
        *at(memory + i * PAGE) = secret(i);
    }
    return wrong == 0 && events_now(pipe_ends[0], POLLIN) == 0 && sys_dup3(0, 30, 0) == 30 &&
           sys_close(30) == 0;
}

static long make() {
    return start_child([] { return *at(memory) == secret(0) ? 4 : 1; });
}

static long make_with_pidfd() {
    *pidfd = -1;
    long pid = sys_clone(CLONE_PIDFD | SIGCHLD, nullptr, pidfd, nullptr, 0);
    while (pid == 0) sys_exit_group(4);
    sys_close(*pidfd);
    return pid;
}

static void reap(long pid) {
    if (wait_for(pid) != exited(4)) note("the child did not see what it must");
}

static uint64_t walk_all() {
    return fail_nth::walk("fork", 3, make, reap, is_whole) +
           fail_nth::walk("clone with a pidfd", 3, make_with_pidfd, reap, is_whole);
}

TEST("When the n-th allocation of a fork fails, it answers ENOMEM, and no child is left over.") {
    CHECK_THAT(fail_nth::open_file());
    memory = map_memory(4 * PAGE);
    for (uint64_t i = 0; i < 4; i++) *at(memory + i * PAGE) = secret(i);
    CHECK(sys_pipe2(pipe_ends, 0), 0);
    pidfd = shared<int>();
    *pidfd = -1;
    CHECK(walk_all(), 0);
    VALUE(free_memory());
    CHECK(walk_all(), 0);
    VALUE(free_memory());
}
