// Contract: fs/page_cache.h.
#include "fs/page_cache.h"

#include "fs/file.h"
#include "mm/frames.h"

namespace fs {

namespace {

// A frame that is given back when the scope ends.
class HeldFrame {
public:
    explicit HeldFrame(arch::PhysAddr frame) : frame_(frame) {}
    HeldFrame(const HeldFrame&) = delete;
    HeldFrame& operator=(const HeldFrame&) = delete;
    ~HeldFrame() { mm::release_frame(frame_); }

    std::span<uint8_t> bytes() const {
        return {arch::direct_map<uint8_t>(frame_), arch::kPageSize};
    }

private:
    const arch::PhysAddr frame_;
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
                          File& out, uint64_t limit) {
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
        buffer.limit_file_size(limit);
        const auto written = out.write_on(buffer);
        if (!written) return mm::moved_or(done, static_cast<int>(written.error()));
        done += *written;
        position += *written;
        if (*written < now) break;
    }
    return done;
}

Result<arch::PhysAddr> ZeroPages::page(uint64_t) { return mm::allocate_zeroed_frame(); }

}  // namespace fs
