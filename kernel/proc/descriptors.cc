// /proc/<pid>/fd, a link for each open file, and fdinfo, a text for each. Contract: proc/process.h.
#include <linux/fcntl.h>

#include "proc/process.h"
#include "proc/text_file.h"
#include "proc/view.h"

namespace proc {

namespace {

using lib::Text;

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
