// The pages of files: one set of frames that read(2) and mmap(2) both see.
#pragma once
#include <cstdint>

#include "lib/byte_reader.h"
#include "lib/text.h"
#include "lib/unique_ptr.h"
#include "mm/io_buffer.h"
#include "mm/page_source.h"
#include "sync/spinlock.h"

namespace fs {

class File;

// Effect: moves bytes from `position` of a file with these pages and this size, page by page, straight
// out of the frames. ENOMEM, EIO, EFAULT if not one byte was moved. Context: may sleep.
Result<size_t> read_pages(mm::PageSource& pages, uint64_t size, mm::IoBuffer& to,
                          uint64_t position);

// Effect: writes at most `count` bytes of them, from `position`, to `out`; less if it takes less. Errors
// as above, and those of `out`.
Result<size_t> send_pages(mm::PageSource& pages, uint64_t size, uint64_t position, uint64_t count,
                          File& out);

// The pages of a file of the initial file system: a frame is filled from the archive when it is first
// asked for, and then stays.
class ArchivePages final : public mm::PageSource {
public:
    // `contents` stay as long as the kernel runs; `name` is terminated, and deleted at the end.
    ArchivePages(lib::Bytes contents, const char* name) : contents_(contents), name_(name) {}
    ~ArchivePages() override;

    Result<arch::PhysAddr> page(uint64_t index) override;
    bool is_resident(uint64_t index) override;
    const char* name() const override { return name_; }

    lib::Bytes contents() const { return contents_; }

private:
    uint64_t page_count() const {
        return (contents_.size() + arch::kPageSize - 1) / arch::kPageSize;
    }
    Result<void> make_table();
    Result<arch::PhysAddr> fill(uint64_t index);

    const lib::Bytes contents_;
    const char* const name_;
    sync::SpinLock lock_{sync::LockRank::kPageSource};
    arch::PhysAddr* frames_ GUARDED_BY(lock_) = nullptr;  // one a page; 0: not filled yet
};

// Pages of zeros without end, a fresh one whenever one is asked for: /dev/zero.
class ZeroPages final : public mm::PageSource {
public:
    Result<arch::PhysAddr> page(uint64_t index) override;
    bool is_resident(uint64_t) override { return false; }
    const char* name() const override { return "/dev/zero"; }
};

}  // namespace fs
