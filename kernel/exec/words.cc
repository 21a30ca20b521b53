// Contract: exec/words.h. The words lie one behind the other, NULs between them, in a list of pieces.
#include "exec/words.h"

#include <cstring>

#include "lib/make.h"
#include "mm/program_memory.h"

namespace exec {

namespace {

uint64_t limit_for(uint64_t stack_limit, uint64_t least) {
    constexpr uint64_t kMost = 6 << 20;  // Linux: three quarters of the usual stack
    const uint64_t quarter = stack_limit / 4;
    if (quarter < least) return least;
    return quarter < kMost ? quarter : kMost;
}

// Writes pointers to the program's memory, many at a time.
class PointerWriter {
public:
    PointerWriter(mm::ProgramMemory& memory, uint64_t at) : memory_(memory), at_(at) {}
    Result<void> put(uint64_t pointer) {
        some_[count_++] = pointer;
        return count_ == kSome ? flush() : Result<void>{};
    }
    Result<void> flush() {
        const size_t size = count_ * sizeof(uint64_t);
        TRY(memory_.write(at_, std::as_bytes(std::span(some_, count_))));
        at_ += size;
        count_ = 0;
        return {};
    }

private:
    static constexpr size_t kSome = 32;
    mm::ProgramMemory& memory_;
    uint64_t at_;
    uint64_t some_[kSome];
    size_t count_ = 0;
};

}  // namespace

Words::Words(const core::Limits& limits) : limit_(limit_for(limits.soft(RLIMIT_STACK), kLongest)) {}

Words::~Words() {
    for (Piece* piece = first_; piece != nullptr;) delete std::exchange(piece, piece->next);
}

Result<Words::Piece*> Words::piece_with_room() {
    if (last_ != nullptr && last_->size < sizeof(last_->bytes)) return last_;
    Piece* piece = TRY(lib::make<Piece>()).release();
    (last_ == nullptr ? first_ : last_->next) = piece;
    return last_ = piece;
}

// The first `count` bytes behind what `piece` holds are words now.
Result<void> Words::count_bytes(Piece& piece, size_t count) {
    piece.size += count;
    bytes_ += count;
    if (bytes_ + (count_ + 1) * sizeof(uint64_t) > limit_) return Errno{E2BIG};
    return {};
}

Result<void> Words::add(lib::Text word) {
    for (size_t done = 0; done <= word.size();) {
        Piece* piece = TRY(piece_with_room());
        const bool is_end = done == word.size();
        const lib::Text rest = is_end ? lib::Text("", 1) : word.without_first(done);
        const lib::Text part = rest.first(sizeof(piece->bytes) - piece->size);
        memcpy(piece->bytes + piece->size, part.data(), part.size());
        TRY(count_bytes(*piece, part.size()));
        done += part.size();
    }
    count_++;
    return {};
}

Result<void> Words::add_user_word(uint64_t address) {
    const size_t begin = bytes_;
    for (;;) {
        Piece* piece = TRY(piece_with_room());
        const std::span<char> room = std::span(piece->bytes).subspan(piece->size);
        const auto length = mm::copy_string_from_user(room, mm::UserAddr{address});
        if (!length && length.error() != Errno{ENAMETOOLONG}) return length.error();
        const size_t copied = length ? *length + 1 : room.size();
        TRY(count_bytes(*piece, copied));
        if (bytes_ - begin > kLongest) return Errno{E2BIG};
        if (length) break;
        address += copied;
    }
    count_++;
    return {};
}

Result<void> Words::add_array(mm::UserPtr<const uint64_t> array) {
    if (array.is_null()) return {};
    for (uint64_t at = static_cast<uint64_t>(array.address());; at += sizeof(uint64_t)) {
        uint64_t word = 0;
        TRY(mm::UserPtr<const uint64_t>(at).read_into(word));
        if (word == 0) return {};
        TRY(add_user_word(word));
    }
}

Result<WordsInMemory> Words::lay_out(mm::ProgramMemory& memory, uint64_t text,
                                     uint64_t pointers) const {
    PointerWriter arrays(memory, pointers);
    size_t word = 0;
    bool is_begin = true;
    uint64_t at = text;
    for (const Piece* piece = first_; piece != nullptr; piece = piece->next) {
        TRY(memory.write(at, std::as_bytes(std::span(piece->bytes, piece->size))));
        for (size_t i = 0; i < piece->size; i++) {
            if (is_begin && word++ == argument_count_) TRY(arrays.put(0));
            if (is_begin) TRY(arrays.put(at + i));
            is_begin = piece->bytes[i] == '\0';
        }
        at += piece->size;
    }
    if (count_ == argument_count_) TRY(arrays.put(0));
    TRY(arrays.put(0));
    TRY(arrays.flush());
    const uint64_t middle = text + argument_bytes_;
    return WordsInMemory{text, middle, middle, text + bytes_};
}

}  // namespace exec
