// Reading from the pages of files, which mmap(2) shows too.
#pragma once
#include <cstdint>

#include "mm/io_buffer.h"
#include "mm/page_source.h"

namespace fs {

class File;

// Effect: moves bytes from `position` of a file with these pages and this size, page by page, straight
// out of the frames. ENOMEM, EIO, EFAULT if not one byte was moved. Context: may sleep.
Result<size_t> read_pages(mm::PageSource& pages, uint64_t size, mm::IoBuffer& to,
                          uint64_t position);

// Effect: writes at most `count` bytes of them, from `position`, to `out`, which may become as long as
// `limit`; less if it takes less. Errors as above, and those of `out`.
Result<size_t> send_pages(mm::PageSource& pages, uint64_t size, uint64_t position, uint64_t count,
                          File& out, uint64_t limit);

// Pages of zeros without end, a fresh one whenever one is asked for: /dev/zero.
class ZeroPages final : public mm::PageSource {
public:
    Result<arch::PhysAddr> page(uint64_t index) override;
    bool is_resident(uint64_t) override { return false; }
    bool is_fresh_for_each() const override { return true; }
    const char* name() const override { return "/dev/zero"; }
};

}  // namespace fs
