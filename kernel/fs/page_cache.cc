// Contract: fs/page_cache.h.
#include "fs/page_cache.h"

#include <cstring>
#include <new>

#include "fs/file.h"
#include "mm/frames.h"

namespace fs {

namespace {

// A frame that is given back when the scope ends, unless it was taken out.
class HeldFrame {
public:
    explicit HeldFrame(arch::PhysAddr frame) : frame_(frame) {}
    HeldFrame(const HeldFrame&) = delete;
    HeldFrame& operator=(const HeldFrame&) = delete;
    ~HeldFrame() {
        if (frame_ != arch::PhysAddr{0}) mm::release_frame(frame_);
    }

    std::span<uint8_t> bytes() const {
        return {arch::direct_map<uint8_t>(frame_), arch::kPageSize};
    }
    arch::PhysAddr take() { return std::exchange(frame_, arch::PhysAddr{0}); }

private:
    arch::PhysAddr frame_;
};

uint64_t smallest(uint64_t a, uint64_t b, uint64_t c) {
    const uint64_t smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

}  // namespace

Result<size_t> read_pages(mm::PageSource& pages, uint64_t size, mm::IoBuffer& to,
                          uint64_t position) {
    size_t done = 0;
    while (to.left() != 0 && position < size) {
        auto page = pages.page_to_look_at(position / arch::kPageSize);
        if (!page && page.error() == Errno{ENXIO}) break;  // somebody has just cut the file
        if (!page) return mm::moved_or(done, static_cast<int>(page.error()));
        const HeldFrame frame(*page);
        const uint64_t first = position % arch::kPageSize;
        const uint64_t count = smallest(arch::kPageSize - first, size - position, to.left());
        const size_t moved = to.put(frame.bytes().subspan(first, count));
        done += moved;
        position += moved;
        if (moved < count) return mm::moved_or(done, EFAULT);
    }
    return done;
}

Result<size_t> send_pages(mm::PageSource& pages, uint64_t size, uint64_t position, uint64_t count,
                          File& out) {
    size_t done = 0;
    while (done < count && position < size) {
        auto page = pages.page_to_look_at(position / arch::kPageSize);
        if (!page && page.error() == Errno{ENXIO}) break;  // somebody has just cut the file
        if (!page) return mm::moved_or(done, static_cast<int>(page.error()));
        const HeldFrame frame(*page);
        const uint64_t first = position % arch::kPageSize;
        const uint64_t now = smallest(arch::kPageSize - first, size - position, count - done);
        mm::IoBuffer buffer;
        buffer.add_kernel(frame.bytes().subspan(first, now));
        const auto written = out.write_on(buffer);
        if (!written) return mm::moved_or(done, static_cast<int>(written.error()));
        done += *written;
        position += *written;
        if (*written < now) break;
    }
    return done;
}

ArchivePages::~ArchivePages() {
    delete[] name_;
    if (frames_ == nullptr) return;
    for (uint64_t i = 0; i < page_count(); i++) {
        if (frames_[i] != arch::PhysAddr{0}) mm::release_frame(frames_[i]);
    }
    delete[] frames_;
}

Result<arch::PhysAddr> ArchivePages::page(uint64_t index) {
    if (index >= page_count()) return Errno{ENXIO};
    {
        sync::SpinGuard guard(lock_);
        if (frames_ != nullptr && frames_[index] != arch::PhysAddr{0}) {
            mm::retain_frame(frames_[index]);
            return frames_[index];
        }
    }
    TRY(make_table());
    HeldFrame filled(TRY(fill(index)));
    sync::SpinGuard guard(lock_);
    // Another CPU may have been faster: then all use its frame, and ours is given back.
    if (frames_[index] == arch::PhysAddr{0}) frames_[index] = filled.take();
    mm::retain_frame(frames_[index]);
    return frames_[index];
}

bool ArchivePages::is_resident(uint64_t index) {
    sync::SpinGuard guard(lock_);
    return index < page_count() && frames_ != nullptr && frames_[index] != arch::PhysAddr{0};
}

// Nothing is allocated under the lock: whoever comes second throws its table away.
Result<void> ArchivePages::make_table() {
    {
        sync::SpinGuard guard(lock_);
        if (frames_ != nullptr) return {};
    }
    auto* table = new (std::nothrow) arch::PhysAddr[page_count()]();
    if (table == nullptr) return Errno{ENOMEM};
    {
        sync::SpinGuard guard(lock_);
        if (frames_ == nullptr) std::swap(frames_, table);
    }
    delete[] table;
    return {};
}

Result<arch::PhysAddr> ArchivePages::fill(uint64_t index) {
    HeldFrame frame(TRY(mm::allocate_frame()));
    const uint64_t begin = index * arch::kPageSize;
    const size_t count = smallest(arch::kPageSize, contents_.size() - begin, arch::kPageSize);
    memcpy(frame.bytes().data(), contents_.data() + begin, count);
    memset(frame.bytes().data() + count, 0, arch::kPageSize - count);
    return frame.take();
}

Result<arch::PhysAddr> ZeroPages::page(uint64_t) { return mm::allocate_zeroed_frame(); }

}  // namespace fs
