// RLIMIT_FSIZE: how far a file may be written to.
#include "cairn/children.h"
#include "cairn/files.h"

static constexpr uint64_t kMost = 10000;
static char bytes[8192];
static const char* const kPath = "limit_file_size.new";

static int new_file() {
    long fd = system_call(__NR_openat, AT_FDCWD, reinterpret_cast<long>(kPath),
                          O_CREAT | O_TRUNC | O_RDWR, 0600, 0, 0);
    return static_cast<int>(fd);
}

TEST("A write ends at RLIMIT_FSIZE; one that begins there ends the program with SIGXFSZ.") {
    CHECK_THAT(new_file() > 2);
    CHECK(in_child([] {
              int fd = new_file();
              uint64_t wrong = differs("limit_to", limit_to(RLIMIT_FSIZE, kMost), 0);
              wrong += differs("first", sys_write(fd, bytes, sizeof bytes), sizeof bytes);
              wrong += differs("second", sys_write(fd, bytes, sizeof bytes), kMost - sizeof bytes);
              return wrong + differs("size", size_of_file(fd), kMost);
          }),
          0);
    CHECK(limit_to(RLIMIT_CORE, 0), 0);
    CHECK(wait_for(start_child([] {
              int fd = new_file();
              limit_to(RLIMIT_FSIZE, 4);
              return sys_write(fd, bytes, 4) == 4 && sys_write(fd, bytes, 1) == 1;
          })),
          killed_by(SIGXFSZ));
    int fd = static_cast<int>(open_path(kPath, O_RDONLY));
    CHECK(size_of_file(fd), 4);
    // A pipe has no size.
    system_call(__NR_unlinkat, AT_FDCWD, reinterpret_cast<long>(kPath), 0, 0, 0, 0);
}
