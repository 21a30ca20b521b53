// mmap(2): "A file is mapped in multiples of the page size. For a file that is not a multiple of the page
// size, the remaining bytes in the partial page at the end of the mapping are zeroed when mapped."
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"

TEST("Behind a file's last byte its last page is zero, and the pages behind it cannot be read.") {
    int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    uint64_t size = size_of_file(fd);
    uint64_t memory = sys_mmap(0, size + 4 * PAGE, READ_WRITE, MAP_PRIVATE, fd, 0);
    uint8_t last = 0;
    CHECK(sys_pread(fd, &last, 1, size - 1), 1);
    auto* bytes = reinterpret_cast<volatile uint8_t*>(memory);
    CHECK(bytes[size - 1], last);
    uint64_t end = (size + PAGE - 1) / PAGE * PAGE, dirty = 0;
    for (uint64_t i = size; i < end; i++) dirty += bytes[i] != 0;
    CHECK(dirty, 0);
    // A system call meets the end as EFAULT; the program itself would meet SIGBUS.
    CHECK(is_mapped(memory + end), 1);
    CHECK(can_read(memory + end), 0);
    CHECK(can_write(memory + end + PAGE), 0);
    // What is written behind the end is kept by this mapping, and by no other.
    if (end > size) bytes[end - 1] = 0x5A;
    uint64_t other = sys_mmap(0, size, PROT_READ, MAP_PRIVATE, fd, 0);
    CHECK(end > size ? reinterpret_cast<volatile uint8_t*>(other)[end - 1] : 0, 0);
}
