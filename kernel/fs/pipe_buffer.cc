// Contract: fs/pipe_buffer.h.
#include "fs/pipe_buffer.h"

#include <new>
#include <utility>

#include "mm/frames.h"

namespace fs {

PipeBuffer::~PipeBuffer() { release(); }

void PipeBuffer::release() {
    release_frames(0);
    delete[] frames_;
    frames_ = nullptr;
    frame_limit_ = 0;
    first_ = 0;
    count_.store(0);
    capacity_.store(0);
}

void PipeBuffer::release_frames(size_t kept) {
    while (frame_count_ > kept) mm::release_frame(frames_[--frame_count_]);
}

Result<void> PipeBuffer::resize(size_t capacity) {
    if (capacity < count()) return Errno{EBUSY};
    PipeBuffer other;
    other.frames_ = new (std::nothrow) arch::PhysAddr[capacity / arch::kPageSize];
    if (other.frames_ == nullptr) return Errno{ENOMEM};
    other.frame_limit_ = capacity / arch::kPageSize;
    TRY(other.put_copy_of(*this));
    std::swap(frames_, other.frames_);
    std::swap(frame_limit_, other.frame_limit_);
    std::swap(frame_count_, other.frame_count_);
    first_ = 0;
    capacity_.store(capacity);
    return {};
}

Result<void> PipeBuffer::put_copy_of(const PipeBuffer& other) {
    for (size_t done = 0; done < other.count();) {
        const auto bytes = other.bytes_at(other.first_ + done, other.count() - done);
        mm::IoBuffer piece;
        piece.add_kernel(bytes);
        done += TRY(put(piece, bytes.size()));
    }
    return {};
}

std::span<uint8_t> PipeBuffer::bytes_at(uint64_t position, size_t most) const {
    const size_t offset = position % arch::kPageSize;
    const size_t rest = arch::kPageSize - offset;
    const arch::PhysAddr frame = frames_[position / arch::kPageSize % frame_limit_];
    return {arch::direct_map<uint8_t>(frame) + offset, most < rest ? most : rest};
}

Result<void> PipeBuffer::make_frame_for(uint64_t position) {
    const size_t index = position / arch::kPageSize % frame_limit_;
    if (index < frame_count_) return {};
    frames_[frame_count_] = TRY(mm::allocate_frame());
    frame_count_++;
    return {};
}

Result<size_t> PipeBuffer::put(mm::IoBuffer& from, size_t size) {
    const size_t before = count();
    size_t done = 0;
    int error = 0;
    while (done < size && error == 0) {
        const uint64_t position = first_ + before + done;
        const auto made = make_frame_for(position);
        if (!made) {
            error = ENOMEM;
            break;
        }
        const auto bytes = bytes_at(position, size - done);
        const size_t moved = from.get(bytes);
        done += moved;
        if (moved < bytes.size()) error = EFAULT;
    }
    count_.store(before + done);
    if (error != 0) return mm::moved_or(done, error);
    return done;
}

// One frame is kept by a pipe that is empty: what comes and goes byte by byte needs it at once again.
Result<size_t> PipeBuffer::take(mm::IoBuffer& to) {
    const size_t before = count();
    const size_t wanted = to.left() < before ? to.left() : before;
    size_t done = 0;
    bool fails = false;
    while (done < wanted && !fails) {
        const auto bytes = bytes_at(first_ + done, wanted - done);
        const size_t moved = to.put(bytes);
        done += moved;
        fails = moved < bytes.size();
    }
    first_ += done;
    if (done == before) {
        first_ = 0;
        release_frames(1);
    }
    count_.store(before - done);
    if (fails) return mm::moved_or(done, EFAULT);
    return done;
}

}  // namespace fs
