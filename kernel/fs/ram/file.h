// The contents of regular files in memory: the frames that read(2), write(2) and mmap(2) all see.
#pragma once
#include "fs/ram/node.h"
#include "lib/byte_reader.h"
#include "mm/frame_tree.h"
#include "mm/io_buffer.h"
#include "mm/page_source.h"
#include "sync/mutex.h"

namespace fs {

// How much memory files have, and may have at most: half of it, as Linux's tmpfs.
struct RamUsage {
    uint64_t pages;
    uint64_t most_pages;
};
RamUsage ram_usage();

// The frames of one file. Of the initial file system's files, a page is copied from the archive when it is
// first asked for; other pages come when they are first written or mapped.
class RamPages final : public mm::PageSource {
public:
    // `contents` stay as long as the kernel runs.
    explicit RamPages(lib::Bytes contents) : contents_(contents), size_(contents.size()) {}
    ~RamPages() override;

    // Effect: mappings show it by this path. ENOMEM. Before anybody maps it.
    Result<void> set_name(lib::Text front, lib::Text path) { return name_.copy(front, path); }

    Result<arch::PhysAddr> page(uint64_t index) override;
    Result<arch::PhysAddr> page_to_look_at(uint64_t index) override;
    bool is_resident(uint64_t index) override;
    bool shows(uint64_t index, arch::PhysAddr frame) override;
    Result<void> discard(uint64_t first, uint64_t end) override;
    const char* name() const override { return name_.terminated(); }

    uint64_t size() const;
    uint64_t page_count() const;  // that hold memory, or will when they are looked at

    // Effect: as page(), behind the end of the file too. ENOMEM, ENOSPC: files have enough memory already.
    Result<arch::PhysAddr> page_to_write(uint64_t index);
    // Effect: the file is at least so long. trim(): pages behind its end hold no memory.
    void extend(uint64_t size);
    void trim();
    // Effect: the file is so long. What is cut off is gone from all mappings as well, private copies with it
    // (SIGBUS); what is new reads as zeros. Context: may sleep; one at a time, and nobody writes.
    void resize(uint64_t size);
    // Effect: what a mapping wrote behind the file's end, into its last page, is not there up to `end`, which
    // the file will reach: what is new reads as zeros.
    void clear_tail(uint64_t end);
    // Effect: zeros at begin ≤ i < end, as far as there are bytes; whole pages take no memory (fallocate(2)).
    // ENOMEM. Context: as discard().
    Result<void> punch(uint64_t begin, uint64_t end);

private:
    Result<arch::PhysAddr> frame_of_page(uint64_t index) REQUIRES(lock_);
    Result<void> clear(uint64_t begin, uint64_t end) REQUIRES(lock_);
    void clear_in_frame(uint64_t begin, uint64_t end) REQUIRES(lock_);
    void count_removed(uint64_t frames) REQUIRES(lock_);

    mutable sync::SpinLock lock_{sync::LockRank::kPageSource};
    lib::Bytes contents_ GUARDED_BY(lock_);  // of the archive, as far as they were never cut off
    uint64_t size_ GUARDED_BY(lock_);
    uint64_t frame_count_ GUARDED_BY(lock_) = 0;
    mm::FrameTree frames_ GUARDED_BY(lock_);
    lib::OwnedText name_;
};

class RamFile final : public RamNode {
public:
    static constexpr uint64_t kLongest = INT64_MAX;

    RamFile(FileSystem owner, uint32_t mode, RefPtr<RamPages> pages)
        : RamNode(owner, mode), pages_(std::move(pages)) {}

    uint64_t size() const override { return pages_->size(); }
    uint64_t sectors() const override { return pages_->page_count() * (arch::kPageSize / 512); }
    RefPtr<mm::PageSource> pages() override { return pages_; }
    RamPages& contents() { return *pages_; }
    Result<RefPtr<File>> open(unsigned flags) override;
    Result<void> resize(uint64_t size) override;

    // Effect: writes at `position`, or at the end, whole against other writers; `position` moves behind
    // what was written. EFBIG: behind the longest file or the buffer's limit. Errors of RamPages and
    // EFAULT, if no byte was written. Context: may sleep.
    enum class Where : uint8_t { kPosition, kEnd };
    Result<size_t> write(mm::IoBuffer& from, uint64_t& position, Where where);

    // Effect: the pages of the range have memory (fallocate(2)), and the file reaches its end. ENOSPC,
    // ENOMEM. Context: may sleep.
    enum class Size : uint8_t { kKeep, kExtend };
    Result<void> reserve(uint64_t begin, uint64_t end, Size size);

    // Effect: begin ≤ i < end reads as zeros, its whole pages take no memory; the size stays. ENOMEM.
    // Context: may sleep.
    Result<void> punch(uint64_t begin, uint64_t end);

private:
    Result<size_t> write_pages(mm::IoBuffer& from, uint64_t position, size_t count);

    sync::Mutex writing_;  // one writer at a time; never taken by readers
    const RefPtr<RamPages> pages_;
};

}  // namespace fs
