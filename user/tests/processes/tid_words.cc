// The tids that clone(2) writes: for the parent, for the child, and the zero at the child's end.
#include "cairn/children.h"

static uint8_t stack[8192];
static volatile int parents, childs, own;
static volatile uint64_t go;

static long look(void*) {
    own = static_cast<int>(sys_gettid());
    while (go != secret(0)) sleep_us(500);
    return childs == own ? 3 : 1;
}

TEST(
    "CLONE_PARENT_SETTID, CLONE_CHILD_SETTID and CLONE_CHILD_CLEARTID write the child's tid, or "
    "0.") {
    uint64_t flags = CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD;
    auto *to_parent = const_cast<int*>(&parents), *to_child = const_cast<int*>(&childs);
    // Shared memory: one word for each side, and the zero can be seen.
    long child = clone_calling(flags | CLONE_VM, stack + sizeof stack, look, nullptr, to_parent,
                               to_child, 0);
    CHECK(parents, child);  // before clone has returned
    go = secret(0);
    CHECK(wait_for(child), exited(3));
    CHECK(own, child);
    CHECK(childs, 0);
    // Copied memory: each word is in one side's copy only.
    parents = -7;
    childs = -7;
    child = sys_clone(flags, nullptr, to_parent, to_child, 0);
    while (child == 0) sys_exit_group(childs == sys_gettid() && parents == -7 ? 4 : 1);
    CHECK(wait_for(child), exited(4));
    CHECK(parents, child);
    CHECK(childs, -7);
    // Nobody can be told: the child is made all the same.
    child = sys_clone(flags, nullptr, reinterpret_cast<int*>(8), reinterpret_cast<int*>(8), 0);
    while (child == 0) sys_exit_group(5);
    CHECK(wait_for(child), exited(5));
}
