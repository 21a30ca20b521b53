// The bytes that stand in a pipe: a ring of page frames, which are asked for when bytes come and given
// back when there are none. Its owner (pipe.h) holds a lock around every call but count() and room().
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "arch/memory.h"
#include "lib/atomic.h"
#include "lib/result.h"
#include "mm/io_buffer.h"

namespace fs {

class PipeBuffer {
public:
    static constexpr size_t kUsualCapacity = 65536;
    static constexpr size_t kMostCapacity = 1 << 20;  // Linux's /proc/sys/fs/pipe-max-size

    PipeBuffer() = default;
    ~PipeBuffer();
    PipeBuffer(const PipeBuffer&) = delete;
    PipeBuffer& operator=(const PipeBuffer&) = delete;

    // Effect: room for `capacity` bytes, a power of two and at least a page; what stands in it stays.
    // EBUSY: that is more; ENOMEM. After an error nothing has changed.
    Result<void> resize(size_t capacity);
    // Effect: no bytes, no room, no memory.
    void release();

    size_t capacity() const { return frame_limit_ * arch::kPageSize; }
    // Context: any, without the lock as well: for who looks whether to wait.
    size_t count() const { return count_.load(); }
    size_t room() const { return capacity_.load() - count(); }

    // Effect: `size` bytes, which there is room for, go in behind the others; returns how many did. EFAULT,
    // ENOMEM: before the first. Context: may sleep.
    Result<size_t> put(mm::IoBuffer& from, size_t size);

    // Effect: the first bytes go out, as many as there are and as `to` takes; returns how many. EFAULT:
    // before the first. Context: may sleep.
    Result<size_t> take(mm::IoBuffer& to);

private:
    // The bytes from this one to the end of its page, and of all that may be moved.
    std::span<uint8_t> bytes_at(uint64_t position, size_t most) const;
    Result<void> make_frame_for(uint64_t position);
    Result<void> put_copy_of(const PipeBuffer& other);
    void release_frames(size_t kept);

    // Byte `first_` + i stands in frame ((first_ + i) / page) % frame_limit_. An empty ring begins again at
    // its first frame, so the frames that there are come before those that there are not.
    arch::PhysAddr* frames_ = nullptr;
    size_t frame_limit_ = 0;
    size_t frame_count_ = 0;
    uint64_t first_ = 0;
    lib::Atomic<uint64_t> count_{0};
    lib::Atomic<uint64_t> capacity_{0};
};

}  // namespace fs
