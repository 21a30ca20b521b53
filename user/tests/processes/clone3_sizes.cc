// clone3(2): a struct that may grow, and what is refused in it.
#include "cairn/children.h"

struct Larger {
    clone_args arguments;
    uint64_t unknown[2];
};
static Larger larger;

// clone3 with this size; a child that comes of it is taken away.
static long try_size(size_t size) {
    larger.arguments.exit_signal = SIGCHLD;
    long pid = sys_clone3(&larger.arguments, size);
    while (pid == 0) sys_exit_group(0);
    if (pid > 0) wait_for(pid);
    return pid > 0 ? 1 : pid;
}

// With one field set.
static long try_with(size_t field, uint64_t value) {
    larger.arguments = {};
    reinterpret_cast<uint64_t*>(&larger)[field / 8] = value;
    return try_size(sizeof(clone_args));
}

TEST(
    "clone3 takes any known size, larger ones if the rest is zero, and refuses what makes no "
    "sense.") {
    CHECK(try_size(CLONE_ARGS_SIZE_VER0), 1);
    CHECK(try_size(sizeof(clone_args)), 1);
    CHECK(try_size(sizeof(Larger)), 1);
    larger.unknown[1] = secret(0) | 1;
    CHECK(try_size(sizeof(Larger)), -E2BIG);
    CHECK(try_size(sizeof(clone_args)), 1);
    CHECK(try_size(CLONE_ARGS_SIZE_VER0 - 1), -EINVAL);
    CHECK(try_size(PAGE + 1), -E2BIG);
    CHECK(sys_clone3(nullptr, sizeof(clone_args)), -EFAULT);
    CHECK(try_with(offsetof(clone_args, flags), SIGCHLD), -EINVAL);  // a signal, as for clone
    CHECK(try_with(offsetof(clone_args, flags), CLONE_DETACHED), -EINVAL);
    CHECK(try_with(offsetof(clone_args, flags), uint64_t{1} << 40), -EINVAL);
    CHECK(try_with(offsetof(clone_args, flags), CLONE_SIGHAND), -EINVAL);
    CHECK(try_with(offsetof(clone_args, stack), PAGE * 16), -EINVAL);  // without a size
    CHECK(try_with(offsetof(clone_args, stack_size), PAGE), -EINVAL);  // without a place
    CHECK(try_with(offsetof(clone_args, set_tid_size), 1), -EINVAL);   // without tids
    CHECK(try_with(0, 0), 1);
}
