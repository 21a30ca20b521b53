// execve(2) of a process that shares with others: they keep what they had, and hear of it.
#include "carried.h"

struct KernelAction {
    uint64_t handler, flags, more[2];  // restorer and mask, or mask alone
};

static long action(int signal, const KernelAction* wanted, KernelAction* before) {
    return system_call(__NR_rt_sigaction, signal, (long)wanted, (long)before, 8, 0, 0);
}

static uint64_t handler_of(int signal) {
    KernelAction now = {};
    const long result = action(signal, nullptr, &now);
    return result == 0 ? now.handler : 77;
}

static long set_handler(int signal, uint64_t handler) {
    const KernelAction wanted = {handler, 0, {}};
    return action(signal, &wanted, nullptr);
}

alignas(16) static char stack[16384];
static int told[2];
static int word;

static long begins_again(void*) { return carried::begin_again(told[1]); }

// A child that shares all of it, begins another program, and is waited for: what that told.
static uint64_t shared_child(uint64_t flags) {
    sys_pipe2(told, O_CLOEXEC);
    const long child =
        clone_calling(flags, stack + sizeof stack, begins_again, nullptr, nullptr, &word, 0);
    const uint64_t answer = take_word(told[0], 77);
    const uint64_t wrong = differs("wait", wait_for(child), exited(0));
    sys_close(told[0]);
    sys_close(told[1]);
    return answer + 1000 * wrong;
}

static uint64_t actions_apart() {
    uint64_t wrong = differs("set a handler", set_handler(SIGUSR1, 0x1234560), 0);
    wrong += differs("ignore", set_handler(SIGUSR2, 1), 0);
    // The new program has no handlers, and ignores what was ignored.
    wrong += differs("the child's",
                     static_cast<long>(shared_child(CLONE_VM | CLONE_SIGHAND | SIGCHLD)), 10);
    wrong += differs("the parent's", static_cast<long>(handler_of(SIGUSR1)), 0x1234560);
    return wrong + differs("and", static_cast<long>(handler_of(SIGUSR2)), 1);
}

static uint64_t word_cleared() {
    word = 5;
    uint64_t wrong = shared_child(CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD) / 1000;
    return wrong + differs("the word", word, 0);
}

// Who has begun another program tells its end by SIGCHLD, whatever it was made with.
static uint64_t told_as_usual() {
    sys_pipe2(told, O_CLOEXEC);
    int go[2];
    sys_pipe2(go, 0);
    const long child = sys_clone(0, nullptr, nullptr, nullptr, 0);
    if (child == 0) {
        take_word(go[0], 0);
        for (;;) sys_exit_group(static_cast<int>(carried::begin_again(told[1])));
    }
    int status = 0;
    uint64_t wrong =
        differs("before", sys_wait4(static_cast<int>(child), &status, 0, nullptr), -ECHILD);
    put_word(go[1], 1);
    take_word(told[0], 0);
    return wrong + differs("after", wait_for(child), exited(0));
}

TEST(
    "Who begins another program leaves handlers to those who share them, clears its word, and ends "
    "by SIGCHLD.") {
    if (carried::is_again(cairn::argument(1))) {
        put_word(carried::kTold, handler_of(SIGUSR1) + 10 * handler_of(SIGUSR2));
        for (;;) sys_exit_group(0);
    }
    CHECK(in_child(actions_apart), 0);
    CHECK(in_child(word_cleared), 0);
    CHECK(in_child(told_as_usual), 0);
}
