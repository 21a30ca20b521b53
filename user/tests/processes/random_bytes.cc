// Random numbers from the kernel: getrandom(2).
#include <linux/random.h>

#include "cairn/children.h"

static long get(void* bytes, size_t size, unsigned flags) {
    return system_call(__NR_getrandom, reinterpret_cast<long>(bytes), static_cast<long>(size),
                       flags, 0, 0, 0);
}

TEST("getrandom fills what it is asked to, never twice with the same, also not in a child.") {
    static uint64_t first[1024], second[1024];
    CHECK(get(first, sizeof first, 0), sizeof first);
    CHECK(get(second, sizeof second, GRND_NONBLOCK), sizeof second);
    uint64_t equal = 0, zero = 0, ones = 0;
    for (int i = 0; i < 1024; i++) {
        equal += first[i] == second[i];
        zero += first[i] == 0;
        for (uint64_t bits = first[i]; bits != 0; bits &= bits - 1) ones++;
    }
    CHECK(equal + zero, 0);
    CHECK_THAT(ones > 32'000 && ones < 33'536);  // six sigma around 32,768
    auto* childs = shared<volatile uint64_t>();
    CHECK(in_child([=] { return get(const_cast<uint64_t*>(childs), 8, 0); }), 8);
    CHECK(get(first, 8, GRND_RANDOM), 8);
    CHECK_THAT(*childs != first[0]);
    CHECK(get(first, 8, 0x10), -EINVAL);
    CHECK(get(first, 8, GRND_RANDOM | GRND_INSECURE), -EINVAL);
    CHECK(get(first, 0, 0), 0);
    CHECK(get(reinterpret_cast<void*>(8), 8, 0), -EFAULT);
}
