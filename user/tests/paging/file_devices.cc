// null(4), full(4), random(4), getrandom(2): files that are no files.
#include "cairn/check.h"
#include "cairn/files.h"

static int device(const char* path) { return static_cast<int>(open_path(path, O_RDWR)); }

TEST("null swallows, zero gives zeros, full is full, random numbers differ.") {
    char bytes[300] = {};
    for (char& byte : bytes) byte = 'x';
    CHECK(sys_read(device("/dev/null"), bytes, sizeof bytes), 0);
    CHECK(sys_write(device("/dev/null"), bytes, sizeof bytes), sizeof bytes);
    CHECK(sys_read(device("/dev/zero"), bytes, 299), 299);
    CHECK_THAT(bytes[0] == 0 && bytes[298] == 0 && bytes[299] == 'x');
    CHECK(sys_write(device("/dev/zero"), bytes, 7), 7);
    CHECK(sys_write(device("/dev/full"), bytes, 7), -ENOSPC);
    CHECK(sys_read(device("/dev/full"), bytes, 7), 7);
    CHECK(sys_lseek(device("/dev/null"), 1000, 0), 0);
    CHECK(sys_pread(device("/dev/zero"), bytes, 7, 1 << 20), 7);

    uint64_t numbers[4] = {};
    CHECK(sys_read(device("/dev/urandom"), numbers, 16), 16);
    CHECK(system_call(__NR_getrandom, (long)(numbers + 2), 16, 0, 0, 0, 0), 16);
    CHECK_THAT(numbers[0] != numbers[1] && numbers[1] != numbers[2] && numbers[2] != numbers[3] &&
               numbers[3] != 0);
    CHECK(system_call(__NR_getrandom, (long)numbers, 16, 99, 0, 0, 0), -EINVAL);
    CHECK(system_call(__NR_ioctl, device("/dev/null"), 0x5401 /* TCGETS */, (long)bytes, 0, 0, 0),
          -ENOTTY);
}
