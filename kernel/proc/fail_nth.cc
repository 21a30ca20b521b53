// Contract: proc/fail_nth.h. Using the file must not allocate: that allocation would be counted.
#include "proc/fail_nth.h"

#include "core/current.h"
#include "proc/text_file.h"

namespace proc {

namespace {

class FailNthNode final : public fs::Node {
public:
    explicit FailNthNode(RefPtr<core::Process> process)
        : fs::Node(fs::FileSystem::kProc, S_IFREG | 0644), process_(std::move(process)) {}
    Result<RefPtr<fs::File>> open(unsigned flags) override;
    Result<void> resize(uint64_t) override { return {}; }

    Result<uint64_t*> counter() const {
        if (&core::current_process() != process_.get()) return Errno{EPERM};
        return &core::current().memory.fail_nth;
    }

private:
    const RefPtr<core::Process> process_;
};

class FailNthFile final : public fs::File {
public:
    using fs::File::File;

    Result<size_t> read(mm::IoBuffer& to, uint64_t position) override {
        char bytes[24];
        lib::BufferSink sink(bytes);
        lib::format_to(sink, "{}\n", *TRY(counter()));
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
        *TRY(counter()) = TRY(parse_number({reinterpret_cast<const char*>(bytes), count}));
        return count;
    }

private:
    Result<uint64_t*> counter() const { return static_cast<FailNthNode&>(node()).counter(); }
};

Result<RefPtr<fs::File>> FailNthNode::open(unsigned flags) {
    return fs::make_file<FailNthFile>(RefPtr<fs::Node>(*this), flags);
}

}  // namespace

Result<RefPtr<fs::Node>> make_fail_nth(RefPtr<core::Process> process) {
    return fs::make_node<FailNthNode>(std::move(process));
}

}  // namespace proc
