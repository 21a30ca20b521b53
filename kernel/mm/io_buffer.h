// What a call like read or write moves bytes to or from: one buffer of the program, several (readv),
// or the kernel's own memory. A cursor goes through them; files see nothing else of the caller.
//
//   mm::IoBuffer buffer;
//   TRY(buffer.add_user(data.address(), count));      // EFAULT if it cannot be the program's
//   const size_t moved = buffer.put(bytes);           // fewer: the program's memory ends there
#pragma once
#include <linux/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "mm/user_memory.h"

namespace mm {

class IoBuffer {
public:
    static constexpr size_t kMostBytes = 0x7ffff000;  // Linux's MAX_RW_COUNT

    IoBuffer() = default;
    IoBuffer(const IoBuffer&) = delete;
    IoBuffer& operator=(const IoBuffer&) = delete;
    ~IoBuffer() { delete[] allocated_; }

    // Effect: the buffer is `size` bytes of the program, cut at kMostBytes. One add_ a buffer.
    Result<void> add_user(UserAddr begin, size_t size);

    // Effect: the buffer is what `count` entries at `vector` say (readv(2)). EINVAL if they are more
    // than UIO_MAXIOV or one is longer than a ssize_t holds, EFAULT, ENOMEM.
    Result<void> add_user_vector(UserAddr vector, size_t count);

    // Effect: the buffer is memory of the kernel.
    void add_kernel(std::span<uint8_t> bytes);

    // How long a file may become by writing from this buffer: RLIMIT_FSIZE of whoever writes.
    void limit_file_size(uint64_t most) { file_size_limit_ = most; }
    uint64_t file_size_limit() const { return file_size_limit_; }

    // How many bytes are still to be moved.
    size_t left() const { return left_; }

    // Effect: moves bytes into the buffer (put, read(2)) or out of it (get, write(2)) and the cursor
    // behind them; returns how many, at most left(). Fewer than asked for: the next byte is not the
    // program's (EFAULT if it is the first). Context: may sleep.
    size_t put(std::span<const uint8_t> bytes);
    size_t get(std::span<uint8_t> bytes);

    // Effect: moves the cursor as if `count` bytes had been moved, without looking at them.
    void skip(size_t count);

private:
    static constexpr size_t kFew = 8;

    template <typename Copy>
    size_t move(size_t size, Copy copy);
    void step(size_t count);

    uint64_t at_ = 0;        // the cursor
    size_t piece_left_ = 0;  // bytes from it to the end of its piece
    size_t left_ = 0;        // bytes to the end of all pieces
    uint64_t file_size_limit_ = UINT64_MAX;
    bool is_kernel_ = false;  // addresses are the kernel's
    const iovec* next_ = nullptr;
    iovec* allocated_ = nullptr;
    iovec few_[kFew];
};

// What a call answers that moved `moved` bytes before it met `error`: Linux reports what was done.
inline Result<size_t> moved_or(size_t moved, int error) {
    if (moved == 0) return Errno{error};
    return moved;
}

}  // namespace mm
