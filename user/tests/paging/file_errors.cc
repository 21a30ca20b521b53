// mmap(2) of something that cannot be mapped: ENODEV, EACCES, EOVERFLOW.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

static long map_file(long fd, int protection, int flags, uint64_t offset) {
    return sys_mmap(0, PAGE, protection, flags, static_cast<int>(fd), offset);
}

TEST("Folders and files that are not open for reading cannot be mapped.") {
    long folder = open_path("/", O_RDONLY | O_DIRECTORY);
    long null = open_path("/dev/null", O_WRONLY);
    long file = open_path(cairn::argument(0), O_RDONLY);
    CHECK_THAT(folder >= 0 && null >= 0 && file >= 0);
    CHECK(map_file(folder, PROT_READ, MAP_PRIVATE, 0), -ENODEV);
    CHECK(map_file(null, PROT_READ, MAP_PRIVATE, 0), -EACCES);
    CHECK(map_file(null, PROT_READ, MAP_SHARED, 0), -EACCES);
    CHECK(map_file(open_path("/dev/null", O_RDONLY), PROT_READ, MAP_PRIVATE, 0), -ENODEV);
    CHECK(map_file(file, PROT_READ, MAP_PRIVATE, PAGE / 2), -EINVAL);
    CHECK(map_file(file, PROT_READ, MAP_PRIVATE, uint64_t{1} << 63), -EOVERFLOW);
    CHECK(map_file(file, PROT_READ, 0, 0), -EINVAL);
    CHECK(sys_mmap(0, 0, PROT_READ, MAP_PRIVATE, static_cast<int>(file), 0), -EINVAL);
    // Behind the file's end there is nothing to see, but a mapping may reach there.
    CHECK_THAT(map_file(file, PROT_READ, MAP_PRIVATE, uint64_t{1} << 40) > 0);
}
