// ENOMEM in the middle of calls about files, and of copies to memory that was never touched.
#include "fail_nth.h"

static int folder, own;
static uint64_t memory;

static bool is_whole() { return sys_lseek(folder, 0, 1) == 0 && sys_lseek(own, 0, 1) == 0; }

template <typename Make>
static uint64_t walk(const char* name, uint64_t least, Make make) {
    return fail_nth::walk(
        name, least, make, [](long) {}, is_whole);
}

// A page that was never touched needs a frame (and maybe a table) in the middle of the call. Linux calls
// memory EFAULT for which it finds no frame.
static long into_fresh_page(long result) {
    sys_madvise(memory, PAGE, MADV_DONTNEED);
    return result == -EFAULT ? -ENOMEM : result;
}

static uint64_t walk_all() {
    uint64_t wrong = 0;
    wrong += fail_nth::walk(
        "openat", 1, [] { return open_path(cairn::argument(0), O_RDONLY); },
        [](long fd) { sys_close(static_cast<int>(fd)); }, is_whole);
    wrong += fail_nth::walk(
        "mmap of a file", 1, [] { return sys_mmap(0, PAGE, PROT_READ, MAP_PRIVATE, own, 0); },
        [](long a) { sys_munmap(a, PAGE); }, is_whole);
    wrong += walk("pread64", 1, [] {
        return into_fresh_page(sys_pread(own, reinterpret_cast<void*>(memory), 64, 0));
    });
    wrong += walk("fstat", 1, [] {
        return into_fresh_page(sys_fstat(own, reinterpret_cast<struct stat*>(memory)));
    });
    wrong += walk("faccessat", 0, [] { return sys_faccessat(AT_FDCWD, "/dev/null", 0); });
    wrong += walk("getcwd", 1,
                  [] { return into_fresh_page(sys_getcwd(reinterpret_cast<char*>(memory), 64)); });
    wrong += walk("madvise", 1,
                  [] { return into_fresh_page(sys_madvise(memory, PAGE, MADV_POPULATE_WRITE)); });
    wrong += walk("sysinfo", 1, [] {
        return into_fresh_page(sys_sysinfo(reinterpret_cast<struct sysinfo*>(memory)));
    });
    return wrong;
}

TEST(
    "When the n-th allocation of a file call fails, it answers an error and leaves nothing "
    "behind.") {
    CHECK_THAT(fail_nth::open_file());
    folder = static_cast<int>(open_path("/", O_RDONLY));
    own = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    memory = map_memory(PAGE);
    CHECK(walk_all(), 0);
    VALUE(free_memory());
    CHECK(walk_all(), 0);
    VALUE(free_memory());
}
