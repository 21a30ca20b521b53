// Contract: proc/text_file.h.
#include "proc/text_file.h"

#include <linux/fs.h>

#include <cstring>
#include <new>

namespace proc {

// ---- a text in memory -------------------------------------------------------------------------------

TextKeeper::~TextKeeper() {
    while (first_ != nullptr) delete std::exchange(first_, first_->next);
}

bool TextKeeper::add_piece() {
    auto* piece = new (std::nothrow) Piece;
    if (piece == nullptr) return false;
    if (last_ != nullptr) {
        last_->next = piece;
    } else {
        first_ = piece;
    }
    last_ = piece;
    return true;
}

void TextKeeper::put(std::span<const char> text) {
    while (!text.empty()) {
        if (last_ == nullptr || last_->size == sizeof(last_->bytes)) {
            is_complete_ = is_complete_ && add_piece();
            if (!is_complete_) return;
        }
        const size_t room = sizeof(last_->bytes) - last_->size;
        const size_t count = text.size() < room ? text.size() : room;
        memcpy(last_->bytes + last_->size, text.data(), count);
        last_->size += count;
        text = text.subspan(count);
    }
}

Result<size_t> TextKeeper::copy(mm::IoBuffer& to, uint64_t position) const {
    size_t done = 0;
    for (const Piece* piece = first_; piece != nullptr && to.left() != 0; piece = piece->next) {
        if (position >= piece->size) {
            position -= piece->size;
            continue;
        }
        const size_t here = piece->size - position;
        const size_t count = here < to.left() ? here : to.left();
        const auto* bytes = reinterpret_cast<const uint8_t*>(piece->bytes) + position;
        const size_t moved = to.put({bytes, count});
        done += moved;
        if (moved < count) return mm::moved_or(done, EFAULT);
        position = 0;
    }
    return done;
}

// ---- the open file ----------------------------------------------------------------------------------

namespace {

class TextFile final : public fs::File {
public:
    using fs::File::File;

    Result<size_t> read(mm::IoBuffer& to, uint64_t position) override {
        sync::MutexGuard guard(writing_);  // after moving_
        if (position == 0 || !text_) text_ = TRY(write_anew());
        return text_->copy(to, position);
    }

    Result<size_t> write(mm::IoBuffer& from, uint64_t) override {
        char bytes[128];
        const size_t count = from.left();
        if (count > sizeof(bytes)) return Errno{EINVAL};
        if (from.get({reinterpret_cast<uint8_t*>(bytes), count}) < count) return Errno{EFAULT};
        TRY(text_of().take_text({bytes, count}));
        return count;
    }

    // Nobody knows where the text will end.
    Result<uint64_t> seek(int64_t offset, int whence) override {
        if (whence != SEEK_SET && whence != SEEK_CUR) return Errno{EINVAL};
        return fs::File::seek(offset, whence);
    }

private:
    TextNode& text_of() const { return static_cast<TextNode&>(node()); }

    Result<UniquePtr<TextKeeper>> write_anew() {
        UniquePtr<TextKeeper> keeper = TRY(lib::make<TextKeeper>());
        TRY(text_of().write_text(*keeper));
        if (!keeper->is_complete()) return Errno{ENOMEM};
        return keeper;
    }

    sync::Mutex writing_;
    UniquePtr<TextKeeper> text_ GUARDED_BY(writing_);
};

}  // namespace

Result<RefPtr<fs::File>> TextNode::open(unsigned flags) {
    return fs::make_file<TextFile>(RefPtr<fs::Node>(*this), flags);
}

// ---- numbers ----------------------------------------------------------------------------------------

namespace {

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return 99;
}

}  // namespace

Result<uint64_t> parse_number(lib::Text text) {
    text = text.first(text.find('\n'));
    const int base = text.starts_with("0x") ? 16 : 10;
    if (base == 16) text = text.without_first(2);
    if (text.empty()) return Errno{EINVAL};
    uint64_t number = 0;
    for (const char c : text) {
        const int digit = digit_of(c);
        if (digit >= base) return Errno{EINVAL};
        if (number > UINT32_MAX / 16) return Errno{ERANGE};
        number = number * static_cast<uint64_t>(base) + static_cast<uint64_t>(digit);
    }
    return number;
}

}  // namespace proc
