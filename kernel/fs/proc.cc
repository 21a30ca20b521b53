// Contract: fs/proc.h. A text is written anew for each read and the part that was asked for is kept: no
// file holds memory between calls, and nothing is copied to the program under a lock.
#include "fs/proc.h"

#include "core/thread.h"
#include "fs/file.h"
#include "fs/proc_text.h"

namespace fs {

namespace {

constexpr FileSystem kProc = FileSystem::kProc;

// Keeps the part of a text that begins at `position`, as much as fits.
class Window final : public lib::Sink {
public:
    static constexpr size_t kSize = 4096;

    void look_at(uint64_t position) { skip_ = position; }
    void put(std::span<const char> text) override {
        for (const char byte : text) {
            if (skip_ != 0) {
                skip_--;
            } else if (size_ < kSize) {
                bytes_[size_++] = static_cast<uint8_t>(byte);
            }
        }
    }
    std::span<const uint8_t> bytes(size_t most) const {
        return {bytes_, size_ < most ? size_ : most};
    }

private:
    uint64_t skip_ = 0;
    size_t size_ = 0;
    uint8_t bytes_[kSize];
};

class ProcNode final : public Node {
public:
    ProcNode(const ProcText& text, ProcSubject subject)
        : Node(kProc, S_IFREG | 0444), text_(text), subject_(subject) {}

    Result<RefPtr<File>> open(unsigned flags) override;
    void write_text(lib::Sink& sink) const { text_.write(sink, subject_); }

private:
    const ProcText& text_;
    const ProcSubject subject_;
};

class ProcFile final : public File {
public:
    ProcFile(ProcNode& node, unsigned flags) : File(RefPtr<Node>(node), flags), text_of_(node) {}

    Result<size_t> read(mm::IoBuffer& to, uint64_t position) override {
        UniquePtr<Window> window = TRY(lib::make<Window>());
        window->look_at(position);
        text_of_.write_text(*window);
        const auto bytes = window->bytes(to.left());
        const size_t moved = to.put(bytes);
        if (moved < bytes.size()) return mm::moved_or(moved, EFAULT);
        return moved;
    }

private:
    ProcNode& text_of_;  // File keeps it
};

Result<RefPtr<File>> ProcNode::open(unsigned flags) { return make_file<ProcFile>(*this, flags); }

// /proc/<pid>/fail-nth (Linux, Documentation/fault-injection): a number n that is written makes the
// n-th allocation from then on fail; 0 again: it has. Using it must not allocate.
class FailNthFile final : public File {
public:
    FailNthFile(RefPtr<Node> node, unsigned flags, core::Thread& thread)
        : File(std::move(node), flags), thread_(thread) {}

    Result<size_t> read(mm::IoBuffer& to, uint64_t position) override {
        char bytes[24];
        lib::BufferSink sink(bytes);
        lib::format_to(sink, "{}\n", thread_.memory.fail_nth);
        if (position >= sink.text().size()) return 0;
        const auto text = sink.text().subspan(position);
        const size_t count = text.size() < to.left() ? text.size() : to.left();
        const size_t moved = to.put({reinterpret_cast<const uint8_t*>(text.data()), count});
        return moved < count ? mm::moved_or(moved, EFAULT) : Result<size_t>(moved);
    }

    Result<size_t> write(mm::IoBuffer& from, uint64_t) override {
        uint8_t bytes[24];
        const size_t count = from.left();
        if (count > sizeof(bytes)) return Errno{EINVAL};
        if (from.get({bytes, count}) < count) return Errno{EFAULT};
        thread_.memory.fail_nth = TRY(parse_number({reinterpret_cast<const char*>(bytes), count}));
        return count;
    }

private:
    core::Thread& thread_;
};

class FailNthNode final : public Node {
public:
    explicit FailNthNode(core::Thread& thread) : Node(kProc, S_IFREG | 0644), thread_(thread) {}
    Result<RefPtr<File>> open(unsigned flags) override {
        return make_file<FailNthFile>(RefPtr<Node>(*this), flags, thread_);
    }

private:
    core::Thread& thread_;
};

// /proc/<pid>/exe: the program that runs.
class ProgramLink final : public Node {
public:
    explicit ProgramLink(core::Thread& thread) : Node(kProc, S_IFLNK | 0777), thread_(thread) {}
    Result<RefPtr<File>> open(unsigned) override { return Errno{ELOOP}; }
    Result<lib::Text> target() override { return thread_.name; }

private:
    core::Thread& thread_;
};

Result<void> add_texts(Directory& directory, std::span<const ProcText> texts, ProcSubject subject) {
    for (const ProcText& text : texts) {
        TRY(directory.add(text.name, TRY(make_node<ProcNode>(text, subject))));
    }
    return {};
}

}  // namespace

Result<void> add_proc(Directory& proc, core::Thread& thread, lib::Text arguments) {
    const ProcSubject subject = {thread, arguments};
    TRY(add_texts(proc, system_texts(), subject));
    const RefPtr<Directory> process = TRY(lib::make_ref<Directory>(kProc, 0555, &proc));
    TRY(proc.add("1", process));
    TRY(add_texts(*process, process_texts(), subject));
    TRY(process->add("fail-nth", TRY(make_node<FailNthNode>(thread))));
    TRY(process->add("exe", TRY(make_node<ProgramLink>(thread))));
    return proc.add("self", TRY(make_node<SymbolicLink>(kProc, "1")));
}

}  // namespace fs
