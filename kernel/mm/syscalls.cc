// The system calls about a program's own memory. The work is in address_space.h's functions; here stands
// what the man pages say about arguments, in Linux's order.
#include <linux/mman.h>

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/thread.h"
#include "entry/syscall.h"
#include "lib/checked.h"
#include "mm/address_space.h"
#include "mm/shared_memory.h"
#include "mm/user_memory.h"

namespace mm {

namespace {

AddressSpace& space() { return *(*arch::this_cpu()->running).memory.space; }
const core::Limits& limits() { return (*arch::this_cpu()->running).limits; }

Result<void> describe_anonymous(MapRequest& request, uint64_t flags) {
    if ((flags & MAP_HUGETLB) != 0) return Errno{ENOMEM};  // no huge pages are set aside
    request.offset = 0;
    const uint64_t type = flags & MAP_TYPE;
    const bool grows_down = (flags & MAP_GROWSDOWN) != 0;
    if (type != MAP_SHARED && type != MAP_PRIVATE) request.refusal = Errno{EINVAL};
    if (type == MAP_SHARED && grows_down) request.refusal = Errno{EINVAL};
    const auto size = lib::align_up(request.size, arch::kPageSize);
    if (type == MAP_SHARED && !grows_down && size && *size != 0) {
        request.source = TRY(make_shared_memory(*size / arch::kPageSize));
    }
    return {};
}

// [begin, begin + size) rounded up to pages; `error` if it wraps around.
Result<uint64_t> end_of(uint64_t begin, uint64_t size, int error) {
    const auto rounded = lib::align_up(size, arch::kPageSize);
    if (!rounded || begin + *rounded < begin) return Errno{error};
    return begin + *rounded;
}

}  // namespace

// mmap(2)
SYSCALL(mmap, uint64_t address, uint64_t size, uint64_t protection, uint64_t flags, int fd,
        uint64_t offset) {
    if (!lib::is_aligned(offset, arch::kPageSize)) return Errno{EINVAL};
    MapRequest request;
    request.address = address;
    request.size = size;
    request.protection = static_cast<int>(protection);
    request.flags = static_cast<int>(flags);
    request.offset = offset;
    static_cast<void>(fd);
    if ((flags & MAP_ANONYMOUS) == 0) return Errno{EBADF};
    TRY(describe_anonymous(request, flags));
    const uint64_t place = TRY(space().map(request, limits()));
    const bool populate = (flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE;
    if (populate || (flags & MAP_LOCKED) != 0) space().populate(place, size, limits());
    return static_cast<long>(place);
}

// munmap(2)
SYSCALL(munmap, uint64_t begin, uint64_t size) {
    TRY(space().unmap(begin, size));
    return 0;
}

// mprotect(2)
SYSCALL(mprotect, uint64_t begin, uint64_t size, uint64_t protection) {
    TRY(space().protect(begin, size, protection));
    return 0;
}

// mremap(2)
SYSCALL(mremap, uint64_t old_begin, uint64_t old_size, uint64_t new_size, uint64_t flags,
        uint64_t new_begin) {
    return static_cast<long>(
        TRY(space().remap(old_begin, old_size, new_size, flags, new_begin, limits())));
}

// brk(2): answers where the heap ends, whether it moved or not.
SYSCALL(brk, uint64_t end) { return static_cast<long>(space().set_break(end, limits())); }

// madvise(2)
SYSCALL(madvise, uint64_t begin, uint64_t size, int advice) {
    TRY(space().advise(begin, size, advice, limits()));
    return 0;
}

// msync(2): what a mapping writes is in the file's pages at once; nothing is left to be written.
SYSCALL(msync, uint64_t begin, uint64_t size, int flags) {
    if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0) return Errno{EINVAL};
    if (!lib::is_aligned(begin, arch::kPageSize)) return Errno{EINVAL};
    if ((flags & MS_ASYNC) != 0 && (flags & MS_SYNC) != 0) return Errno{EINVAL};
    const uint64_t end = TRY(end_of(begin, size, ENOMEM));
    TRY(space().check_mapped(begin, end));
    return 0;
}

}  // namespace mm
