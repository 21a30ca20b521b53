// EFAULT, call by call: calls that are told something through a pointer.
#include "bad_pointers.h"
#include "cairn/files.h"

template <typename T>
static T* as(uint64_t address) {
    return reinterpret_cast<T*>(address);
}

// How many kinds of bad pointers the call does not answer with EFAULT.
template <typename Call>
static uint64_t wrong(const char* name, uint64_t size, Call call) {
    return bad::wrong_answers(name, size, false, -EFAULT, call);
}

TEST("A call that reads its argument answers EFAULT for every kind of bad pointer.") {
    static int null = static_cast<int>(open_path("/dev/null", O_RDWR));
    CHECK(wrong("openat", 9, [](uint64_t p) { return open_path(as<char>(p), O_RDONLY); }), 0);
    CHECK(wrong("faccessat", 9, [](uint64_t p) { return sys_faccessat(AT_FDCWD, as<char>(p), 0); }),
          0);
    CHECK(wrong("newfstatat", 9,
                [](uint64_t p) {
                    struct stat s;
                    return sys_newfstatat(AT_FDCWD, as<char>(p), &s, 0);
                }),
          0);
    CHECK(wrong("readlinkat", 9,
                [](uint64_t p) {
                    char text[9];
                    return sys_readlinkat(AT_FDCWD, as<char>(p), text, 9);
                }),
          0);
    CHECK(wrong("chdir", 9,
                [](uint64_t p) {
                    return system_call(__NR_chdir, static_cast<long>(p), 0, 0, 0, 0, 0);
                }),
          0);
    CHECK(wrong("prlimit64", 16,
                [](uint64_t p) {
                    return p == 0 ? -EFAULT : sys_prlimit(RLIMIT_AS, as<rlimit64>(p), nullptr);
                }),
          0);
    CHECK(wrong("writev", 16, [](uint64_t p) { return sys_writev(null, as<iovec>(p), 1); }), 0);
    CHECK(wrong("readv", 16, [](uint64_t p) { return sys_readv(null, as<iovec>(p), 1); }), 0);
    CHECK(open_path(nullptr, O_RDONLY), -EFAULT);
}
