// Contract: mm/io_buffer.h.
#include "mm/io_buffer.h"

#include <cstring>
#include <new>

namespace mm {

namespace {

size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

size_t bytes_to_page_end(uint64_t address) { return arch::kPageSize - address % arch::kPageSize; }

uint64_t address_of(const iovec& piece) { return reinterpret_cast<uint64_t>(piece.iov_base); }

}  // namespace

Result<void> IoBuffer::add_user(UserAddr begin, size_t size) {
    if (!is_user_range(begin, size)) return Errno{EFAULT};
    at_ = static_cast<uint64_t>(begin);
    piece_left_ = left_ = smaller(size, kMostBytes);
    return {};
}

Result<void> IoBuffer::add_user_vector(UserAddr vector, size_t count) {
    if (count > UIO_MAXIOV) return Errno{EINVAL};
    iovec* pieces = few_;
    if (count > kFew) {
        pieces = allocated_ = new (std::nothrow) iovec[count];
        if (pieces == nullptr) return Errno{ENOMEM};
    }
    TRY(copy_from_user({reinterpret_cast<uint8_t*>(pieces), count * sizeof(iovec)}, vector));
    for (size_t i = 0; i < count; i++) {
        iovec& piece = pieces[i];
        if (static_cast<int64_t>(piece.iov_len) < 0) return Errno{EINVAL};
        if (!is_user_range(UserAddr{address_of(piece)}, piece.iov_len)) return Errno{EFAULT};
        piece.iov_len = smaller(piece.iov_len, kMostBytes - left_);
        left_ += piece.iov_len;
    }
    next_ = pieces;
    step(0);
    return {};
}

void IoBuffer::add_kernel(std::span<uint8_t> bytes) {
    at_ = reinterpret_cast<uint64_t>(bytes.data());
    piece_left_ = left_ = bytes.size();
    is_kernel_ = true;
}

size_t IoBuffer::put(std::span<const uint8_t> bytes) {
    return move(bytes.size(), [&](size_t done, size_t size) -> Result<void> {
        const auto from = bytes.subspan(done, size);
        if (!is_kernel_) return copy_to_user(UserAddr{at_}, from);
        memcpy(reinterpret_cast<void*>(at_), from.data(), size);
        return {};
    });
}

size_t IoBuffer::get(std::span<uint8_t> bytes) {
    return move(bytes.size(), [&](size_t done, size_t size) -> Result<void> {
        const auto to = bytes.subspan(done, size);
        if (!is_kernel_) return copy_from_user(to, UserAddr{at_});
        memcpy(to.data(), reinterpret_cast<const void*>(at_), size);
        return {};
    });
}

void IoBuffer::skip(size_t count) {
    for (count = smaller(count, left_); count > 0;) {
        const size_t size = smaller(count, piece_left_);
        step(size);
        count -= size;
    }
}

// A copy is whole or not at all. Of a piece that fails, what lies before the next page of the program
// may still be copied: memory ends at the end of a page.
template <typename Copy>
size_t IoBuffer::move(size_t size, Copy copy) {
    size_t done = 0;
    for (size = smaller(size, left_); done < size;) {
        size_t now = smaller(size - done, piece_left_);
        if (!copy(done, now)) {
            const size_t first = bytes_to_page_end(at_);
            if (first >= now || !copy(done, first)) break;
            now = first;
        }
        done += now;
        step(now);
    }
    return done;
}

// Pieces may be empty: the cursor stands on the next byte that can be moved, or behind the last one.
void IoBuffer::step(size_t count) {
    at_ += count;
    piece_left_ -= count;
    left_ -= count;
    while (piece_left_ == 0 && left_ != 0) {
        at_ = address_of(*next_);
        piece_left_ = next_->iov_len;
        next_++;
    }
}

}  // namespace mm
