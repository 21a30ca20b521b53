// A file's pages are one: for read(2), write(2) and shared mappings, in all processes.
#include "cairn/children.h"
#include "cairn/folders.h"

static uint64_t map(int fd, int protection, int kind) {
    return static_cast<uint64_t>(sys_mmap(0, 2 * PAGE, protection, kind, fd, 0));
}

TEST("What one process writes to a shared mapping of a file, others read from the file.") {
    CHECK(enter_folder(), 0);
    int fd = static_cast<int>(create_path("f", O_CREAT | O_RDWR, 0600));
    CHECK(sys_ftruncate(fd, PAGE + 100), 0);
    auto* words = reinterpret_cast<volatile uint64_t*>(map(fd, READ_WRITE, MAP_SHARED));
    auto* own = reinterpret_cast<volatile uint64_t*>(map(fd, READ_WRITE, MAP_PRIVATE));
    CHECK(own[1], 0);
    CHECK(in_child([&] {
              words[1] = secret(1);
              own[2] = secret(2);
              return 0;
          }),
          0);
    uint64_t seen[3] = {};
    CHECK(sys_pread(fd, seen, sizeof seen, 0), sizeof seen);
    CHECK(seen[1], secret(1));
    CHECK(own[1], secret(1));  // not written to yet: still the file's page
    CHECK(seen[2], 0);
    own[1] = 5;
    CHECK(words[1], secret(1));
    uint64_t word = secret(3);
    CHECK(sys_pwrite(fd, &word, 8, PAGE), 8);
    CHECK(words[PAGE / 8], secret(3));
    CHECK(system_call(__NR_msync, (long)words, 2 * PAGE, 4 /* MS_SYNC */, 0, 0, 0), 0);
    int reader = static_cast<int>(open_path("f", O_RDONLY));
    CHECK(sys_mmap(0, PAGE, READ_WRITE, MAP_SHARED, reader, 0), -EACCES);
    CHECK(sys_unlink("f"), 0);
    CHECK(words[1], secret(1));
    CHECK(leave_folder(), 0);
}
