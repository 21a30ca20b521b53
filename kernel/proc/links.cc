// The links of /proc/<pid> that lead to files: exe, cwd, root, and one for each open file. What they lead to
// is found out when they are looked for. Contract: proc/process.h.
#include "core/current.h"
#include "exec/door.h"
#include "exec/program.h"
#include "fs/paths.h"
#include "lib/owned_text.h"
#include "proc/process.h"
#include "proc/view.h"

namespace proc {

namespace {

using lib::Text;

// A link whose text is a path, or says of what kind a file without a name is.
class FileLink final : public fs::Node {
public:
    FileLink(ProcSpot spot, uint32_t permissions)
        : fs::Node(fs::FileSystem::kProc, S_IFLNK | permissions, spot.number.number()),
          directory_(std::move(spot.directory)),
          process_(std::move(spot.process)) {}

    // Effect: it leads to `node`; none: nobody knows where. ENOMEM. Before others know the link.
    Result<void> lead_to(RefPtr<fs::Node> node, Text usual_path);

    RefPtr<fs::Node> parent() override { return directory_; }
    Result<RefPtr<fs::File>> open(unsigned) override { return Errno{ELOOP}; }
    uint64_t size() const override { return 64; }  // as Linux: it can be more
    Result<Text> target() override {
        TRY(check_may_look_into(*process_));
        if (!node_) return Errno{ENOENT};
        return text_.text();
    }
    Result<RefPtr<fs::Node>> destination() override {
        TRY(check_may_look_into(*process_));
        if (!node_) return Errno{ENOENT};
        return node_;
    }

private:
    Result<void> describe_nameless(Text usual_path);

    const RefPtr<fs::Node> directory_;
    const ProcessPtr process_;
    RefPtr<fs::Node> node_;
    lib::OwnedText text_;
};

Result<void> FileLink::lead_to(RefPtr<fs::Node> node, Text usual_path) {
    node_ = std::move(node);
    if (!node_) return {};
    struct Room {
        char bytes[fs::kLongestPath];
    };
    const UniquePtr<Room> room = TRY(lib::make<Room>());
    const core::Thread& who = core::current();
    const fs::Viewpoint seen = who.files.context->viewpoint(who.credentials);
    const auto path = fs::path_of(seen, node_, room->bytes);
    if (path) return text_.copy(*path);
    return describe_nameless(usual_path);
}

Result<void> FileLink::describe_nameless(Text usual_path) {
    char bytes[64];
    lib::BufferSink sink(bytes);
    const Text kind = node_->kind();
    if (kind.starts_with("[")) {
        lib::format_to(sink, "anon_inode:{}", kind);
    } else if (!kind.empty()) {
        lib::format_to(sink, "{}:[{}]", kind, node_->number);
    } else {
        // The name that it was once known by, if it is still known.
        RefPtr<mm::PageSource> pages = node_->pages();
        Text name = usual_path.empty() && pages ? pages->name() : usual_path;
        if (name.empty()) name = "/";
        return text_.copy(name, " (deleted)");
    }
    return text_.copy({sink.text().data(), sink.text().size()});
}

Result<RefPtr<fs::Node>> make_link(ProcSpot spot, uint32_t permissions, RefPtr<fs::Node> node,
                                   Text usual_path = {}) {
    RefPtr<FileLink> link = TRY(lib::make_ref<FileLink>(std::move(spot), permissions));
    TRY(link->lead_to(std::move(node), usual_path));
    return RefPtr<fs::Node>(std::move(link));
}

}  // namespace

Result<RefPtr<fs::Node>> make_process_link(ProcSpot spot, ProcessLink what) {
    if (what == ProcessLink::kProgram) {
        const RefPtr<exec::Program> program = exec::program_of(*spot.process);
        if (!program) return make_link(std::move(spot), 0777, {});
        return make_link(std::move(spot), 0777, program->node, program->path());
    }
    RefPtr<fs::Node> node;
    const UniquePtr<ProcessView> view = TRY(look_at(*spot.process));
    if (view->context) {
        const fs::Viewpoint seen = view->context->viewpoint({});
        node = what == ProcessLink::kRoot ? seen.root : seen.working;
    }
    return make_link(std::move(spot), 0777, std::move(node));
}

// Its permissions say how the file is open.
Result<RefPtr<fs::Node>> make_descriptor_link(ProcSpot spot, int fd) {
    const UniquePtr<ProcessView> view = TRY(look_at(*spot.process));
    if (!view->descriptors) return Errno{ENOENT};
    const auto file = view->descriptors->find(Fd{fd});
    if (!file) return Errno{ENOENT};
    const uint32_t reading = (*file)->is_readable() ? S_IRUSR | S_IXUSR : 0;
    const uint32_t writing = (*file)->is_writable() ? S_IWUSR | S_IXUSR : 0;
    return make_link(std::move(spot), reading | writing, (*file)->share_node());
}

}  // namespace proc
