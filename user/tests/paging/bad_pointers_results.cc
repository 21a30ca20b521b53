// EFAULT, call by call: calls that answer through a pointer.
#include <linux/utsname.h>

#include "bad_pointers.h"
#include "cairn/files.h"

template <typename T>
static T* as(uint64_t address) {
    return reinterpret_cast<T*>(address);
}

// How many kinds of bad pointers the call does not answer with EFAULT.
template <typename Call>
static uint64_t wrong(const char* name, uint64_t size, Call call) {
    return bad::wrong_answers(name, size, true, -EFAULT, call);
}

TEST("A call that writes its result answers EFAULT for every kind of bad pointer.") {
    static int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    static int folder = static_cast<int>(open_path("/", O_RDONLY));
    static uint64_t memory = map_memory(PAGE);
    CHECK(wrong("uname", sizeof(new_utsname),
                [](uint64_t p) { return sys_uname(as<new_utsname>(p)); }),
          0);
    CHECK(wrong("clock_gettime", 16,
                [](uint64_t p) { return sys_clock_gettime(1, as<__kernel_timespec>(p)); }),
          0);
    CHECK(wrong("sysinfo", sizeof(struct sysinfo),
                [](uint64_t p) { return sys_sysinfo(as<struct sysinfo>(p)); }),
          0);
    CHECK(wrong("prlimit64", 16,
                [](uint64_t p) {
                    return p == 0 ? -EFAULT : sys_prlimit(RLIMIT_AS, nullptr, as<rlimit64>(p));
                }),
          0);
    CHECK(wrong("fstat", sizeof(struct stat),
                [](uint64_t p) { return sys_fstat(fd, as<struct stat>(p)); }),
          0);
    CHECK(wrong("newfstatat", sizeof(struct stat),
                [](uint64_t p) { return sys_newfstatat(AT_FDCWD, "/", as<struct stat>(p), 0); }),
          0);
    CHECK(wrong("statx", sizeof(struct statx),
                [](uint64_t p) {
                    return system_call(__NR_statx, fd, reinterpret_cast<long>(""), AT_EMPTY_PATH,
                                       STATX_ALL, static_cast<long>(p), 0);
                }),
          0);
    CHECK(wrong("getdents64", 256,
                [](uint64_t p) {
                    sys_lseek(folder, 0, 0);
                    return sys_getdents64(folder, as<void>(p), 256);
                }),
          0);
    CHECK(wrong("getcwd", 2, [](uint64_t p) { return sys_getcwd(as<char>(p), 4096); }), 0);
    CHECK(wrong("mincore", 1,
                [](uint64_t p) {
                    return p % PAGE == PAGE - 1 && p < 1ull << 60
                               ? -EFAULT
                               : sys_mincore(memory, PAGE, as<void>(p));
                }),
          0);
    CHECK(wrong("readlinkat", 2,
                [](uint64_t p) {
                    return sys_readlinkat(AT_FDCWD, "/proc/self/exe", as<char>(p), 4096);
                }),
          0);
}
