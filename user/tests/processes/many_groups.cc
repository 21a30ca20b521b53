// setgroups(2): up to 65,536 groups, which children share, and each of which counts.
#include "cairn/children.h"
#include "cairn/folders.h"

static constexpr unsigned kMost = 65536;
static unsigned some[kMost + 1];

static long set(unsigned count) {
    return system_call(__NR_setgroups, count, (long)some, 0, 0, 0, 0);
}
static long get(unsigned count, unsigned* place) {
    return system_call(__NR_getgroups, count, (long)place, 0, 0, 0, 0);
}

static uint64_t sorted() {
    static unsigned got[kMost];
    uint64_t wrong = differs("how many", get(0, nullptr), kMost);
    wrong += differs("too little room", get(kMost - 1, got), -EINVAL);
    wrong += differs("all of them", get(kMost, got), kMost);
    unsigned out_of_order = 0;
    for (unsigned i = 0; i < kMost; i++) out_of_order += got[i] != 2 * i + 10;
    return wrong + differs("out of order", out_of_order, 0);
}

// A file of the group of this number, which may be read by its group only.
static long reads(unsigned group) {
    const char* path = "of_a_group";
    make_file(path, 0040);
    sys_chown(path, 0, static_cast<int>(group));
    const uint64_t answer = in_child([=] {
        long result = system_call(__NR_setresuid, 1000, 1000, 1000, 0, 0, 0);
        return result == 0 ? open_path(path, O_RDONLY) : result;
    });
    sys_unlink(path);
    return static_cast<long>(answer);
}

static uint64_t tries() {
    for (unsigned i = 0; i < kMost; i++) some[i] = 2 * (kMost - 1 - i) + 10;
    uint64_t wrong = differs("a folder", enter_folder(), 0);
    wrong += differs("too many", set(kMost + 1), -EINVAL);
    wrong += differs("as many as there may be", set(kMost), 0) + sorted();
    wrong +=
        differs("a grandchild's", static_cast<long>(in_child([] { return in_child(sorted); })), 0);
    wrong += differs("the first", reads(10) >= 0, true);
    wrong += differs("the last", reads(2 * kMost + 8) >= 0, true);
    wrong += differs("in the middle", reads(40000) >= 0, true);
    wrong += differs("not in it", reads(40001), -EACCES);
    some[1] = ~0u;
    wrong += differs("no group", set(2), -EINVAL);
    wrong += differs("still all", get(0, nullptr), kMost);
    return wrong + differs("the folder goes", leave_folder(), 0);
}

TEST(
    "A process may be in 65,536 groups; its children are too, and each opens the files of that "
    "group.") {
    CHECK(in_child(tries), 0);
    CHECK(in_child([] {
              uint64_t wrong =
                  differs("no memory", system_call(__NR_setgroups, 256, 8, 0, 0, 0, 0), -EFAULT);
              return wrong + differs("none", set(0), 0) + differs("none left", get(0, nullptr), 0);
          }),
          0);
}
