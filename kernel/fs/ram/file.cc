// Contract: fs/ram/file.h.
#include "fs/ram/file.h"

#include <linux/fcntl.h>

#include <cstring>

#include "fs/file.h"
#include "mm/frames.h"

namespace fs {

namespace {

constexpr arch::PhysAddr kNone{};
constexpr uint64_t kPage = arch::kPageSize;

lib::Atomic<uint64_t> pages_in_use{0};

uint64_t most_pages() { return mm::count_frames().total / 2; }

uint64_t smaller(uint64_t a, uint64_t b) { return a < b ? a : b; }

uint64_t pages_of(uint64_t size) { return size / kPage + (size % kPage != 0 ? 1 : 0); }

// A file of this kind that is open: writing at its position moves it, and with O_APPEND it is the end.
class OpenRamFile final : public File {
public:
    OpenRamFile(RamFile& file, unsigned flags) : File(RefPtr<Node>(file), flags), file_(file) {}
    ~OpenRamFile() override {
        if (is_writer_) file_.contents().remove_writer();
    }

    // Effect: if the file is open for writing, its pages have a writer more. ETXTBSY.
    Result<void> join_writers() {
        if (!is_writable()) return {};
        TRY(file_.contents().add_writer());
        is_writer_ = true;
        return {};
    }

    Result<size_t> write(mm::IoBuffer& from, uint64_t position) override {
        return write_moving(from, position);
    }
    Result<size_t> write_moving(mm::IoBuffer& from, uint64_t& position) override {
        const bool appends = (flags() & O_APPEND) != 0;
        const auto where = appends ? RamFile::Where::kEnd : RamFile::Where::kPosition;
        return file_.write(from, position, where);
    }

private:
    RamFile& file_;  // File keeps it
    bool is_writer_ = false;
};

}  // namespace

RamUsage ram_usage() { return {pages_in_use.load(), most_pages()}; }

// ---- pages ------------------------------------------------------------------------------------------

RamPages::~RamPages() { pages_in_use.fetch_add(-frame_count_); }

Result<arch::PhysAddr> RamPages::page(uint64_t index) {
    sync::SpinGuard guard(lock_);
    if (index >= pages_of(size_)) return Errno{ENXIO};
    return frame_of_page(index);
}

Result<arch::PhysAddr> RamPages::page_to_look_at(uint64_t index) {
    sync::SpinGuard guard(lock_);
    if (index >= pages_of(size_)) return Errno{ENXIO};
    const bool is_hole = index >= pages_of(contents_.size()) && frames_.find(index) == kNone;
    if (!is_hole) return frame_of_page(index);
    mm::retain_frame(mm::zero_frame());
    return mm::zero_frame();
}

Result<arch::PhysAddr> RamPages::page_to_write(uint64_t index) {
    sync::SpinGuard guard(lock_);
    return frame_of_page(index);
}

bool RamPages::is_resident(uint64_t index) {
    sync::SpinGuard guard(lock_);
    return frames_.find(index) != kNone;
}

Result<arch::PhysAddr> RamPages::frame_of_page(uint64_t index) {
    arch::PhysAddr* place = TRY(frames_.place_of(index));
    if (*place == kNone) {
        const uint64_t begin = index * kPage;
        const bool is_of_archive = begin < contents_.size();
        if (!is_of_archive && pages_in_use.load() >= most_pages()) return Errno{ENOSPC};
        const arch::PhysAddr frame = TRY(mm::allocate_zeroed_frame());
        if (is_of_archive) {
            const auto bytes = contents_.subspan(begin, smaller(kPage, contents_.size() - begin));
            memcpy(arch::direct_map(frame), bytes.data(), bytes.size());
        }
        *place = frame;
        frame_count_++;
        pages_in_use.fetch_add(1);
    }
    mm::retain_frame(*place);
    return *place;
}

uint64_t RamPages::size() const {
    sync::SpinGuard guard(lock_);
    return size_;
}

uint64_t RamPages::page_count() const {
    sync::SpinGuard guard(lock_);
    const uint64_t of_archive = pages_of(contents_.size());
    return of_archive > frame_count_ ? of_archive : frame_count_;
}

void RamPages::extend(uint64_t size) {
    sync::SpinGuard guard(lock_);
    if (size > size_) size_ = size;
}

void RamPages::trim() {
    sync::SpinGuard guard(lock_);
    count_removed(frames_.remove(pages_of(size_), UINT64_MAX, mm::FrameTree::Used::kGo));
}

void RamPages::count_removed(uint64_t frames) {
    frame_count_ -= frames;
    pages_in_use.fetch_add(-frames);
}

// First nobody can ask for the pages any more, then nobody shows them, then they go.
void RamPages::resize(uint64_t size) {
    bool shrinks;
    {
        sync::SpinGuard guard(lock_);
        shrinks = size < size_;
        const uint64_t end = shrinks ? size : size_;
        clear_in_frame(end, pages_of(end) * kPage);
        size_ = size;
        if (contents_.size() > size) contents_ = contents_.first(size);
    }
    if (shrinks) unmap_everywhere(pages_of(size), UINT64_MAX, Copies::kGo);
    trim();
}

void RamPages::clear_tail(uint64_t end) {
    sync::SpinGuard guard(lock_);
    if (end > size_) clear_in_frame(size_, smaller(end, pages_of(size_) * kPage));
}

// Bytes of one page, if it is there.
void RamPages::clear_in_frame(uint64_t begin, uint64_t end) {
    const arch::PhysAddr frame = frames_.find(begin / kPage);
    if (frame == kNone) return;
    memset(arch::direct_map<uint8_t>(frame) + begin % kPage, 0, end - begin);
}

// The same, also if the page is still in the archive.
Result<void> RamPages::clear(uint64_t begin, uint64_t end) {
    if (begin == end) return {};
    if (begin < contents_.size()) mm::release_frame(TRY(frame_of_page(begin / kPage)));
    clear_in_frame(begin, end);
    return {};
}

bool RamPages::shows(uint64_t index, arch::PhysAddr frame) {
    sync::SpinGuard guard(lock_);
    return frames_.find(index) == frame;
}

// A page of the archive keeps a frame, of zeros: without one it would be copied from there again. So does one
// that somebody touches between the two steps.
Result<void> RamPages::discard(uint64_t first, uint64_t end) {
    unmap_everywhere(first, end, Copies::kStay);
    sync::SpinGuard guard(lock_);
    for (; first < end && first * kPage < contents_.size(); first++) {
        TRY(clear(first * kPage, (first + 1) * kPage));
    }
    count_removed(frames_.remove(first, end, mm::FrameTree::Used::kBecomeZeros));
    return {};
}

Result<void> RamPages::punch(uint64_t begin, uint64_t end) {
    const uint64_t first = pages_of(begin), behind = end / kPage;
    if (first < behind) TRY(discard(first, behind));
    sync::SpinGuard guard(lock_);
    const uint64_t head_end = smaller(end, first * kPage);
    TRY(clear(begin, head_end));
    if (behind * kPage >= head_end) TRY(clear(behind * kPage, end));
    return {};
}

// ---- files ------------------------------------------------------------------------------------------

Result<RefPtr<File>> RamFile::open(unsigned flags) {
    const auto file = TRY(lib::make_ref<OpenRamFile>(*this, flags));
    TRY(file->join_writers());
    return RefPtr<File>(file);
}

Result<void> RamFile::resize(uint64_t size) {
    sync::MutexGuard guard(writing_);
    pages_->resize(size);
    note_contents_change();
    return {};
}

Result<size_t> RamFile::write(mm::IoBuffer& from, uint64_t& position, Where where) {
    size_t count = from.left();
    if (count == 0) return 0;
    sync::MutexGuard guard(writing_);
    if (where == Where::kEnd) position = pages_->size();
    const uint64_t end = smaller(from.file_size_limit(), kLongest);
    if (position >= end) return Errno{EFBIG};
    count = smaller(count, end - position);
    pages_->clear_tail(position);
    const size_t done = TRY(write_pages(from, position, count));
    position += done;
    note_contents_change();
    return done;
}

Result<size_t> RamFile::write_pages(mm::IoBuffer& from, uint64_t position, size_t count) {
    size_t done = 0;
    int error = EFAULT;
    while (done < count) {
        const uint64_t at = position + done;
        auto page = pages_->page_to_write(at / kPage);
        if (!page) {
            error = static_cast<int>(page.error());
            break;
        }
        const uint64_t first = at % kPage;
        const uint64_t wanted = smaller(kPage - first, count - done);
        uint8_t* const bytes = arch::direct_map<uint8_t>(*page) + first;
        const size_t moved = from.get({bytes, wanted});
        mm::release_frame(*page);
        done += moved;
        if (moved < wanted) break;
    }
    if (done != 0) pages_->extend(position + done);
    if (done < count) pages_->trim();
    if (done == 0) return Errno{error};
    return done;
}

Result<void> RamFile::reserve(uint64_t begin, uint64_t end, Size size) {
    sync::MutexGuard guard(writing_);
    for (uint64_t index = begin / kPage; index < pages_of(end); index++) {
        const auto page = pages_->page_to_write(index);
        if (!page) pages_->trim();
        if (!page) return page.error();
        mm::release_frame(*page);
    }
    if (size == Size::kExtend) pages_->clear_tail(end);
    if (size == Size::kExtend) pages_->extend(end);
    note_contents_change();
    return {};
}

Result<void> RamFile::punch(uint64_t begin, uint64_t end) {
    sync::MutexGuard guard(writing_);
    TRY(pages_->punch(begin, end));
    note_contents_change();
    return {};
}

}  // namespace fs
