// More memory than there is: whoever asks for it is ended, and nobody else. (Never to be run on a Linux
// that somebody still needs.)
#include "cairn/check.h"
#include "cairn/memory.h"

TEST("A program that touches more memory than there is is ended; the kernel lives on.") {
    uint64_t size = uint64_t{4} << 30;
    uint64_t memory = sys_mmap(0, size, READ_WRITE, PRIVATE_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(memory % PAGE, 0);
    // A call is asked first: it has an answer for that.
    CHECK(sys_madvise(memory, size, MADV_POPULATE_WRITE), -ENOMEM);
    CHECK(sys_munmap(memory, size), 0);
    memory = sys_mmap(0, size, READ_WRITE, PRIVATE_ANONYMOUS | MAP_NORESERVE, -1, 0);
    VALUE(free_memory());
    cairn::finish();
    for (uint64_t place = memory; place < memory + size; place += PAGE) *at(place) = place;
}
