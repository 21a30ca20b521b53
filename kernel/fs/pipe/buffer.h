// The bytes that stand in a pipe: a ring of pieces, each at most a page and in a frame of its own. A piece is
// copied whole or not at all (pipe(7) promises it to small writes), so that a buffer whose end is not the
// program's loses nothing. Its owner (pipe.h) holds a lock around every call but those marked.
#pragma once
#include <cstddef>
#include <cstdint>

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
    // EBUSY: it has more pieces than that has pages; ENOMEM. After an error nothing has changed.
    Result<void> resize(size_t capacity);
    // Effect: no bytes, no room, no memory.
    void release();

    // Context of these three: any, without the lock as well: for who looks whether to wait.
    size_t capacity() const { return limit_.load() * arch::kPageSize; }
    size_t count() const { return count_.load(); }
    // Whether there is no room for one more piece.
    bool is_full() const { return used() == limit(); }

    // Whether put() would take something of so many bytes: a piece more, or their odd rest joins the last.
    bool has_room_for(size_t size) const { return !is_full() || joins_last(size); }

    // Effect: bytes go in behind the others, as many as there is room for; at most a page goes in whole.
    // Returns how many did. EFAULT, ENOMEM: before the first piece. Context: may sleep.
    Result<size_t> put(mm::IoBuffer& from);

    // Effect: the first bytes go out, as many as there are and as `to` takes; returns how many. EFAULT:
    // before the first piece. Context: may sleep.
    Result<size_t> take(mm::IoBuffer& to);

private:
    struct Piece {
        arch::PhysAddr frame;
        size_t begin, end;  // of its bytes in the frame
    };

    // With the lock held, nobody changes what is read here.
    size_t used() const { return used_.load(lib::Order::kRelaxed); }
    size_t limit() const { return limit_.load(lib::Order::kRelaxed); }
    void count(size_t more) {
        count_.store(count_.load(lib::Order::kRelaxed) + more, lib::Order::kRelease);
    }
    // The piece behind `number` others.
    Piece& piece(size_t number) const { return pieces_[(first_ + number) & (limit() - 1)]; }
    bool joins_last(size_t size) const;
    Result<size_t> join_last(mm::IoBuffer& from);
    Result<size_t> put_piece(mm::IoBuffer& from);
    void drop_first_piece();

    Piece* pieces_ = nullptr;
    size_t first_ = 0;  // grows with each piece that is gone
    arch::PhysAddr
        spare_{};  // a frame for the next piece: what comes and goes byte by byte needs one at once
    lib::Atomic<size_t> limit_{0};  // pieces that there may be, a power of two,
    lib::Atomic<size_t> used_{0};   // and that there are
    lib::Atomic<size_t> count_{0};  // bytes
};

}  // namespace fs
