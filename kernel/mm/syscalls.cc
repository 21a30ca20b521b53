// The system calls about a program's own memory. The work is in address_space.h's functions; here stands
// what the man pages say about arguments, in Linux's order.
#include <linux/mman.h>

#include "entry/syscall.h"
#include "fs/caller.h"
#include "lib/checked.h"
#include "mm/address_space.h"
#include "mm/shared_memory.h"
#include "mm/user_memory.h"

namespace mm {

namespace {

AddressSpace& space() { return *fs::caller().memory.space; }
const core::Limits& limits() { return core::current_limits(); }
bool may_map_low() { return fs::credentials().is_privileged(); }  // CAP_SYS_RAWIO

// What is wrong with a mapping of a file, whatever its place: Linux says so after it has chosen the place.
Errno refuse_file(const fs::File& file, uint64_t flags, uint64_t protection, bool mappable) {
    constexpr uint64_t kKnown = MAP_SHARED | MAP_PRIVATE | MAP_SHARED_VALIDATE | MAP_FIXED |
                                MAP_GROWSDOWN | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_LOCKED |
                                MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK |
                                MAP_FIXED_NOREPLACE | 0x40 /* MAP_32BIT */;
    switch (flags & MAP_TYPE) {
        case MAP_SHARED_VALIDATE:
            if ((flags & ~kKnown) != 0) return Errno{EOPNOTSUPP};
            [[fallthrough]];
        case MAP_SHARED:
            if ((protection & PROT_WRITE) != 0 && !file.is_writable()) return Errno{EACCES};
            break;
        case MAP_PRIVATE: break;
        default: return Errno{EINVAL};
    }
    if (!file.is_readable()) return Errno{EACCES};
    if (!mappable) return Errno{ENODEV};
    if ((flags & MAP_GROWSDOWN) != 0) return Errno{EINVAL};
    return Errno{};
}

// Memory for the whole of a shared mapping; none if it has a size that map() refuses.
Result<RefPtr<PageSource>> memory_for(const MapRequest& request) {
    const auto size = lib::align_up(request.size, arch::kPageSize);
    if (!size || *size == 0) return RefPtr<PageSource>();
    return make_shared_memory(*size / arch::kPageSize);
}

// Returns the file, which is to stay open until it is mapped.
Result<RefPtr<fs::File>> describe_file(MapRequest& request, int fd, uint64_t flags,
                                       uint64_t protection) {
    RefPtr<fs::File> file = TRY(fs::open_file(fd));
    if ((flags & MAP_HUGETLB) != 0) return Errno{EINVAL};
    request.source = file->pages();
    // No file has bytes there: Linux says so first of all that it has against a file.
    const bool is_behind_all =
        request.size > INT64_MAX || request.offset > INT64_MAX - request.size;
    if (is_behind_all) {
        request.refusal = Errno{EOVERFLOW};
        return file;
    }
    request.refusal = refuse_file(*file, flags, protection, static_cast<bool>(request.source));
    const bool is_shared = (flags & MAP_TYPE) != MAP_PRIVATE;
    if (is_shared && !file->is_writable()) request.vma_flags |= Vma::kNeverWritable;
    if (request.source && file->is_writable()) request.vma_flags |= Vma::kOfWriter;
    const bool is_new = is_shared && request.source && request.source->is_fresh_for_each();
    if (is_new) request.source = TRY(memory_for(request));
    return file;
}

Result<void> describe_anonymous(MapRequest& request, uint64_t flags) {
    if ((flags & MAP_HUGETLB) != 0) return Errno{ENOMEM};  // no huge pages are set aside
    request.offset = 0;
    const uint64_t type = flags & MAP_TYPE;
    const bool grows_down = (flags & MAP_GROWSDOWN) != 0;
    if (type != MAP_SHARED && type != MAP_PRIVATE) request.refusal = Errno{EINVAL};
    if (type == MAP_SHARED && grows_down) request.refusal = Errno{EINVAL};
    if (type == MAP_SHARED && !grows_down) request.source = TRY(memory_for(request));
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
    request.may_be_low = may_map_low();
    RefPtr<fs::File> file;
    if ((flags & MAP_ANONYMOUS) != 0) {
        TRY(describe_anonymous(request, flags));
    } else {
        file = TRY(describe_file(request, fd, flags, protection));
    }
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
    TRY(space().protect(begin, size, protection, limits()));
    return 0;
}

// mremap(2)
SYSCALL(mremap, uint64_t old_begin, uint64_t old_size, uint64_t new_size, uint64_t flags,
        uint64_t new_begin) {
    return static_cast<long>(
        TRY(space().remap(old_begin, old_size, new_size, flags,
                          {.address = new_begin, .may_be_low = may_map_low()}, limits())));
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

// mincore(2)
SYSCALL(mincore, uint64_t begin, uint64_t size, mm::UserBuffer answers) {
    if (!lib::is_aligned(begin, arch::kPageSize)) return Errno{EINVAL};
    if (begin > arch::kUserEnd || size > arch::kUserEnd - begin) return Errno{ENOMEM};
    const uint64_t pages =
        TRY(end_of(begin, size, ENOMEM)) / arch::kPageSize - begin / arch::kPageSize;
    if (!is_user_range(answers.address(), pages)) return Errno{EFAULT};
    uint8_t piece[256];
    for (uint64_t done = 0; done < pages;) {
        const size_t count = pages - done < sizeof(piece) ? pages - done : sizeof(piece);
        TRY(space().incore(begin + done * arch::kPageSize, {piece, count}));
        TRY(answers.write_from({piece, count}, done));
        done += count;
    }
    return 0;
}

}  // namespace mm
