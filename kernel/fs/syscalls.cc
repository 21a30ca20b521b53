// Stand-in until there are files: descriptors 1 and 2 are the console, 0 cannot be written to.
#include "dev/console.h"
#include "entry/syscall.h"
#include "lib/strong_id.h"
#include "mm/user_memory.h"

namespace fs {

// write(2). A buffer that is the program's in part is written as far as whole pieces of it are, like
// Linux's terminals; EFAULT if the first piece is bad.
SYSCALL(write, int fd, mm::UserBuffer data, size_t count) {
    if (fd != 1 && fd != 2) return Errno{EBADF};
    if (static_cast<int64_t>(count) < 0) return Errno{EFAULT};
    constexpr size_t kMost = 0x7ffff000;  // Linux's MAX_RW_COUNT
    if (count > kMost) count = kMost;
    size_t written = 0;
    while (written < count) {
        uint8_t piece[256];
        const size_t size = count - written < sizeof(piece) ? count - written : sizeof(piece);
        if (const auto copied = data.read_into({piece, size}, written); !copied) {
            if (written == 0) return copied.error();
            break;
        }
        dev::console_write({reinterpret_cast<const char*>(piece), size});
        written += size;
    }
    return static_cast<long>(written);
}

}  // namespace fs
