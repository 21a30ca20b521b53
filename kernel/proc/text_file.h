// Files whose text the kernel writes when they are read: those of /proc.
//
// A text is written whole when it is read from its beginning, and kept as long as the file is open: who
// reads it in pieces reads one text, whatever has changed since. Reading from the beginning once more
// writes it anew.
#pragma once
#include "fs/file.h"
#include "lib/format.h"
#include "lib/text.h"
#include "lib/unique_ptr.h"

namespace proc {

// Keeps all that it is given, in pieces: it may be filled under a spinlock, however long the text becomes.
class TextKeeper final : public lib::Sink {
public:
    TextKeeper() = default;
    ~TextKeeper();
    TextKeeper(const TextKeeper&) = delete;
    TextKeeper& operator=(const TextKeeper&) = delete;

    // What no memory is found for is lost, and is_complete() says so.
    void put(std::span<const char> text) override;
    bool is_complete() const { return is_complete_; }

    // Effect: moves what begins at `position` to `to`, as much as fits. EFAULT.
    Result<size_t> copy(mm::IoBuffer& to, uint64_t position) const;

private:
    struct Piece {
        Piece* next = nullptr;
        size_t size = 0;
        char bytes[1000];
    };

    bool add_piece();

    Piece* first_ = nullptr;
    Piece* last_ = nullptr;
    bool is_complete_ = true;
};

// A node with a text. Each kind derives.
class TextNode : public fs::Node {
public:
    Result<RefPtr<fs::File>> open(unsigned flags) override;

    // Effect: writes the text. ESRCH: whom it was about is gone. Context: may sleep.
    virtual Result<void> write_text(lib::Sink& sink) = 0;
    // Effect: takes what a program wrote to the file. EINVAL, ERANGE, EPERM. Context: may sleep.
    virtual Result<void> take_text(lib::Text) { return Errno{EINVAL}; }

    // There is nothing to cut off (O_TRUNC).
    Result<void> resize(uint64_t) override { return {}; }

protected:
    using fs::Node::Node;
};

// A number that a program wrote to a file, decimal or 0x…, with or without a newline. EINVAL, ERANGE.
Result<uint64_t> parse_number(lib::Text text);

}  // namespace proc
