// mmap(2) has six arguments, and each of them can be seen in what it does. Linux only: at the step
// of this lab Cairn has no such call (its row asks the dispatcher itself, on the host).
#include <linux/fcntl.h>
#include <linux/mman.h>

#include "cairn/check.h"
#include "cairn/syscall.h"

TEST("A call gets its six arguments in order.") {
    long fd = system_call(__NR_openat, AT_FDCWD, reinterpret_cast<long>(cairn::argument(0)),
                          O_RDONLY, 0, 0, 0);
    CHECK_THAT(fd >= 0);
    uint64_t place = 0x20000000 + secret(0) % 4096 * 4096;
    CHECK(system_call(__NR_mmap, static_cast<long>(place), 8192, PROT_READ, MAP_PRIVATE | MAP_FIXED,
                      fd, 0),
          place);
    CHECK(system_call(__NR_mmap, static_cast<long>(place + 8192), 4096, PROT_READ,
                      MAP_PRIVATE | MAP_FIXED, fd, 4096),
          place + 8192);
    uint64_t differences = 0;
    for (uint64_t at = place + 4096; at < place + 8192; at += 8) {
        uint64_t here = *reinterpret_cast<uint64_t*>(at);
        differences |= here ^ *reinterpret_cast<uint64_t*>(at + 4096);
    }
    CHECK(differences, 0);
    CHECK(*reinterpret_cast<uint32_t*>(place),
          0x464C457F);  // the file's first bytes, from offset 0
}
