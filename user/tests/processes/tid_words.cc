// The tids that clone(2) writes: for the parent, for the child, and the zero at the child's end.
#include "cairn/children.h"

static uint8_t stack[8192];
static volatile int parents, childs, own;
static volatile uint64_t go;

static constexpr int kUntouched = -7;

// The word in which a thread's end is told, by set_tid_address(2): each thread's own, and nobody inherits it.
static int own_word = kUntouched;

// A child in the same memory, made with some of the three flags, though both addresses are given: which words
// were written to, while it lived and by its end, and which must have been.
static uint64_t words_with(unsigned long flags) {
    parents = kUntouched;
    childs = kUntouched;
    go = 0;
    long child = clone_calling(
        flags | CLONE_VM | SIGCHLD, stack + sizeof stack,
        [](void*) -> long {
            while (go != secret(0)) sleep_us(500);
            own = childs;
            return 3;
        },
        nullptr, const_cast<int*>(&parents), const_cast<int*>(&childs), 0);
    int tid = static_cast<int>(child);
    uint64_t wrong =
        differs("parent's word", parents, (flags & CLONE_PARENT_SETTID) ? tid : kUntouched);
    go = secret(0);
    wrong += differs("end", wait_for(child), exited(3));
    int told = (flags & CLONE_CHILD_SETTID) ? tid : kUntouched;
    wrong += differs("child's word", own, told);
    wrong += differs("child's word at its end", childs, (flags & CLONE_CHILD_CLEARTID) ? 0 : told);
    wrong += differs("the word of its parent's end", own_word, kUntouched);
    if (wrong != 0) note("with flags 0x%lx", flags);
    return wrong;
}

static uint64_t words_with_any_flags() {
    uint64_t wrong = 0;
    for (unsigned long some = 0; some < 8; some++) {
        wrong += words_with(((some & 1) ? CLONE_PARENT_SETTID : 0ul) |
                            ((some & 2) ? CLONE_CHILD_SETTID : 0ul) |
                            ((some & 4) ? CLONE_CHILD_CLEARTID : 0ul));
    }
    return wrong;
}

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
    // Only what is asked for is written.
    CHECK(sys_set_tid_address(&own_word), sys_gettid());
    CHECK(words_with_any_flags(), 0);
}
