// Contract: fs/pipe/buffer.h. Linux: fs/pipe.c, whose pieces have the same bounds: programs see them where a
// buffer is partly bad, and where a pipe is full.
#include "fs/pipe/buffer.h"

#include <new>
#include <utility>

#include "mm/frames.h"

namespace fs {

namespace {

constexpr arch::PhysAddr kNone{};

std::span<uint8_t> bytes_of(arch::PhysAddr frame, size_t begin, size_t size) {
    return {arch::direct_map<uint8_t>(frame) + begin, size};
}

}  // namespace

PipeBuffer::~PipeBuffer() { release(); }

void PipeBuffer::release() {
    while (used() != 0) drop_first_piece();
    if (spare_ != kNone) mm::release_frame(std::exchange(spare_, kNone));
    delete[] pieces_;
    pieces_ = nullptr;
    first_ = 0;
    count_.store(0);
    limit_.store(0);
}

Result<void> PipeBuffer::resize(size_t capacity) {
    const size_t limit = capacity / arch::kPageSize;
    const size_t used = this->used();
    if (limit < used) return Errno{EBUSY};
    auto* const pieces = new (std::nothrow) Piece[limit];
    if (pieces == nullptr) return Errno{ENOMEM};
    for (size_t i = 0; i < used; i++) pieces[i] = piece(i);
    delete[] std::exchange(pieces_, pieces);
    first_ = 0;
    limit_.store(limit);
    return {};
}

// Bytes that fill no page stand behind the last ones, if all of them fit there.
bool PipeBuffer::joins_last(size_t size) const {
    const size_t rest = size % arch::kPageSize;
    const size_t used = this->used();
    return rest != 0 && used != 0 && rest <= arch::kPageSize - piece(used - 1).end;
}

Result<size_t> PipeBuffer::join_last(mm::IoBuffer& from) {
    Piece& last = piece(used() - 1);
    const size_t size = from.left() % arch::kPageSize;
    if (from.get(bytes_of(last.frame, last.end, size)) < size) return Errno{EFAULT};
    last.end += size;
    return size;
}

Result<size_t> PipeBuffer::put_piece(mm::IoBuffer& from) {
    if (spare_ == kNone) spare_ = TRY(mm::allocate_frame());
    const size_t size = from.left() < arch::kPageSize ? from.left() : arch::kPageSize;
    if (from.get(bytes_of(spare_, 0, size)) < size) return Errno{EFAULT};
    const size_t used = this->used();
    piece(used) = {std::exchange(spare_, kNone), 0, size};
    used_.store(used + 1, lib::Order::kRelease);
    return size;
}

Result<size_t> PipeBuffer::put(mm::IoBuffer& from) {
    size_t done = 0;
    if (joins_last(from.left())) done = TRY(join_last(from));
    int error = 0;
    while (from.left() != 0 && !is_full()) {
        const auto moved = put_piece(from);
        if (!moved) {
            error = static_cast<int>(moved.error());
            break;
        }
        done += *moved;
    }
    count(done);
    if (error != 0) return mm::moved_or(done, error);
    return done;
}

void PipeBuffer::drop_first_piece() {
    const arch::PhysAddr frame = piece(0).frame;
    if (spare_ == kNone) {
        spare_ = frame;
    } else {
        mm::release_frame(frame);
    }
    first_++;
    used_.store(used() - 1, lib::Order::kRelease);
}

Result<size_t> PipeBuffer::take(mm::IoBuffer& to) {
    size_t done = 0;
    bool fails = false;
    while (used() != 0 && to.left() != 0) {
        Piece& first = piece(0);
        const size_t there = first.end - first.begin;
        const size_t size = to.left() < there ? to.left() : there;
        fails = to.put(bytes_of(first.frame, first.begin, size)) < size;
        if (fails) break;
        done += size;
        first.begin += size;
        if (first.begin == first.end) drop_first_piece();
    }
    count(-done);
    if (fails) return mm::moved_or(done, EFAULT);
    return done;
}

}  // namespace fs
