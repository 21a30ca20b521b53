// ENOMEM in the middle of the calls of the mmap family: nothing has happened then.
#include "fail_nth.h"

static uint64_t memory, end_of_data;

// Eight pages as they were made: all there, all writable, each with its word.
static bool is_whole() {
    for (uint64_t i = 0; i < 8; i++) {
        uint64_t page = memory + i * PAGE;
        if (!is_mapped(page) || *at(page) != secret(i) || !can_write(page)) return false;
    }
    return !is_mapped(memory + 8 * PAGE) && sys_brk(0) == end_of_data;
}

static void restore_middle(long) {
    sys_mprotect(memory, 8 * PAGE, READ_WRITE);
    sys_mmap(memory + 3 * PAGE, PAGE, READ_WRITE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);
    *at(memory + 3 * PAGE) = secret(3);
}

template <typename Make, typename Undo>
static uint64_t walk(const char* name, Make make, Undo undo) {
    return fail_nth::walk(name, 1, make, undo, is_whole);
}

static uint64_t walk_all() {
    uint64_t wrong = 0;
    wrong += walk(
        "mmap", [] { return map_memory(PAGE); }, [](long a) { sys_munmap(a, PAGE); });
    wrong += walk(
        "munmap", [] { return sys_munmap(memory + 3 * PAGE, PAGE); }, restore_middle);
    wrong += walk(
        "mprotect", [] { return sys_mprotect(memory + 3 * PAGE, PAGE, PROT_READ); },
        restore_middle);
    wrong += walk(
        "mmap fixed",
        [] {
            return sys_mmap(memory + 3 * PAGE, PAGE, PROT_READ, PRIVATE_ANONYMOUS | MAP_FIXED, -1,
                            0);
        },
        restore_middle);
    wrong += walk(
        "mremap", [] { return sys_mremap(memory + 3 * PAGE, PAGE, 9 * PAGE, MREMAP_MAYMOVE, 0); },
        [](long a) {
            sys_munmap(a, 9 * PAGE);
            restore_middle(0);
        });
    wrong += walk(
        "brk", [] { return sys_brk(end_of_data + 3 * PAGE) == end_of_data ? -ENOMEM : 0; },
        [](long) { sys_brk(end_of_data); });
    wrong += walk(
        "shared mmap", [] { return sys_mmap(0, PAGE, READ_WRITE, SHARED_ANONYMOUS, -1, 0); },
        [](long a) { sys_munmap(a, PAGE); });
    return wrong;
}

TEST(
    "When the n-th allocation of a memory call fails, it answers ENOMEM and nothing has changed.") {
    CHECK_THAT(fail_nth::open_file());
    memory = map_memory(9 * PAGE);
    sys_munmap(memory + 8 * PAGE, PAGE);
    end_of_data = sys_brk(0);
    for (uint64_t i = 0; i < 8; i++) *at(memory + i * PAGE) = secret(i);
    CHECK(walk_all(), 0);
    VALUE(free_memory());
    CHECK(walk_all(), 0);
    VALUE(free_memory());
}
