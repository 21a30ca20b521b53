// EFAULT, or what else Linux says: calls that move data. Who gets nothing out of it need not look.
#include "bad_pointers.h"
#include "cairn/files.h"

template <typename T>
static T* as(uint64_t address) {
    return reinterpret_cast<T*>(address);
}

static long outside(uint64_t address) { return address >= uint64_t{1} << 47 ? -EFAULT : 0; }

TEST("Reads and writes with bad pointers are answered as Linux does, device by device.") {
    static int file = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    static int null = static_cast<int>(open_path("/dev/null", O_RDWR));
    static int zero = static_cast<int>(open_path("/dev/zero", O_RDWR));
    // A single byte cannot cross anything: those two kinds are good pointers then.
    auto one = [](auto call) {
        return
            [call](uint64_t p) { return p % PAGE == PAGE - 1 && p >> 47 == 0 ? -EFAULT : call(p); };
    };
    CHECK(bad::wrong_answers("read of a file", 1, true, -EFAULT,
                             one([](uint64_t p) { return sys_pread(file, as<void>(p), 1, 0); })),
          0);
    CHECK(bad::wrong_answers("read of /dev/zero", 1, true, -EFAULT,
                             one([](uint64_t p) { return sys_read(zero, as<void>(p), 1); })),
          0);
    // /dev/null has nothing to give and looks at nothing that it takes, but at where it lies.
    CHECK(
        bad::wrong_answers("read of /dev/null", 8, true, 0,
                           [](uint64_t p) { return sys_read(null, as<void>(p), 8) - outside(p); }),
        0);
    CHECK(bad::wrong_answers("write to /dev/null", 8, false, 8,
                             [](uint64_t p) {
                                 return sys_write(null, as<void>(p), 8) +
                                        (outside(p) ? 8 - outside(p) : 0);
                             }),
          0);
    CHECK(bad::wrong_answers("write to the console", 1, false, -EFAULT,
                             one([](uint64_t p) { return sys_write(1, as<void>(p), 1); })),
          0);
    // Nothing of it is looked at where the length is zero, or where the file's end is reached.
    CHECK(sys_read(file, nullptr, 0), 0);
    CHECK(sys_write(1, nullptr, 0), 0);
    CHECK(sys_pread(file, nullptr, 8, 1 << 30), 0);
    CHECK(sys_pread(file, nullptr, 8, ~uint64_t{0}), -EINVAL);
    CHECK(sys_write(77, nullptr, 8), -EBADF);
}
