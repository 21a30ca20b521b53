// The files of a process below /proc/<pid>: exe, cwd and root, fd and fdinfo. What a link leads to is
// found out when it is looked for. Contract: proc/process.h.
#include <linux/fcntl.h>

#include "core/current.h"
#include "exec/door.h"
#include "exec/program.h"
#include "fs/paths.h"
#include "lib/owned_text.h"
#include "proc/process.h"
#include "proc/text_file.h"
#include "proc/view.h"

namespace proc {

using lib::Text;

namespace {

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

// ---- fd, a link for each open file, and fdinfo, a text for each ---------------------------------------

namespace {

Result<RefPtr<fs::DescriptorTable>> descriptors_of(core::Process& process) {
    const auto view = look_at(process);
    if (!view) return view.error();
    return (*view)->descriptors;
}

// What both directories list: an entry is the number of a descriptor, its index one more.
class Descriptors : public ProcessDirectory {
protected:
    Descriptors(ProcSpot spot, ProcPlace inside, uint32_t permissions, uint32_t type_of_entries)
        : ProcessDirectory(std::move(spot), inside, permissions), type_(type_of_entries) {}

    Result<bool> next_entry(uint32_t index, Entry& entry) override {
        const RefPtr<fs::DescriptorTable> table = TRY(descriptors_of(process()));
        if (!table) return false;
        const auto fd = table->next(index - 1);
        if (!fd) return false;
        entry.index = static_cast<uint32_t>(fd->value()) + 1;
        entry.type = type_;
        entry.name = name_of_number(static_cast<uint64_t>(fd->value()), entry.room);
        return true;
    }

    // The node of the descriptor of this number, at `spot`.
    virtual Result<RefPtr<fs::Node>> make_entry(ProcSpot spot, int fd) = 0;

private:
    Result<RefPtr<fs::Node>> find(Text name) final {
        const int fd = TRY(number_of_name(name));
        RefPtr<fs::Node> entry = TRY(make_entry(spot(static_cast<size_t>(fd) + 1), fd));
        if (!give_to_user_of(process(), *entry)) return Errno{ENOENT};
        return entry;
    }

    const uint32_t type_;
};

class Links final : public Descriptors {
public:
    explicit Links(ProcSpot spot)
        : Descriptors(std::move(spot), ProcPlace::kDescriptors, 0500, S_IFLNK) {}

    Result<RefPtr<fs::Node>> make_entry(ProcSpot spot, int fd) override {
        return make_descriptor_link(std::move(spot), fd);
    }
};

// lib::format_to has no octal numbers.
void write_octal(lib::Sink& sink, unsigned number) {
    if (number >= 8) write_octal(sink, number / 8);
    lib::format_to(sink, "{}", number % 8);
}

class Info final : public TextNode {
public:
    Info(ProcSpot spot, int fd)
        : TextNode(fs::FileSystem::kProc, S_IFREG | 0444, spot.number.number()),
          process_(std::move(spot.process)),
          fd_(fd) {}

    Result<void> write_text(lib::Sink& sink) override {
        const RefPtr<fs::DescriptorTable> table = TRY(descriptors_of(*process_));
        if (!table) return Errno{ENOENT};
        const RefPtr<fs::File> file = TRY(table->find(Fd{fd_}));
        const bool closes = TRY(table->on_exec(Fd{fd_})) == fs::OnExec::kClose;
        lib::format_to(sink, "pos:\t{}\nflags:\t0", file->position());
        write_octal(sink, file->flags() | (closes ? O_CLOEXEC : 0));
        lib::format_to(sink, "\nmnt_id:\t{}\nino:\t{}\n",
                       static_cast<unsigned>(file->node().file_system), file->node().number);
        return {};
    }

private:
    const ProcessPtr process_;
    const int fd_;
};

// Its permissions are everybody's; who may look into the process decides.
class Infos final : public Descriptors {
public:
    explicit Infos(ProcSpot spot)
        : Descriptors(std::move(spot), ProcPlace::kDescriptorInfos, 0555, S_IFREG) {}

    Result<RefPtr<fs::File>> open(unsigned flags) override {
        TRY(check_may_look_into(process()));
        return Descriptors::open(flags);
    }
    Result<RefPtr<fs::Node>> make_entry(ProcSpot spot, int fd) override {
        TRY(check_may_look_into(process()));
        const RefPtr<fs::DescriptorTable> table = TRY(descriptors_of(process()));
        if (!table || !table->find(Fd{fd})) return Errno{ENOENT};
        return fs::make_node<Info>(std::move(spot), fd);
    }
};

}  // namespace

Result<RefPtr<fs::Node>> make_descriptors_directory(ProcSpot spot) {
    return fs::make_node<Links>(std::move(spot));
}

Result<RefPtr<fs::Node>> make_descriptor_infos_directory(ProcSpot spot) {
    return fs::make_node<Infos>(std::move(spot));
}

}  // namespace proc
