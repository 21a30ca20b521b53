// Contract: proc/process.h. Read next: texts.cc.
#include "proc/process.h"

#include "fs/file.h"
#include "mm/door.h"
#include "proc/fail_nth.h"
#include "task/family.h"

namespace proc {

namespace {

using lib::Text;

// What else than texts a process's directory holds; in the order of their indices, behind the texts.
enum class Special : uint8_t { kCwd, kExe, kRoot, kFd, kFdinfo, kFailNth, kTask };

struct SpecialEntry {
    const char* name;
    uint32_t type;
    Special what;
};

// The last one stands in the directory of the process only, not in those of its threads.
constexpr SpecialEntry kSpecial[] = {
    {"cwd", S_IFLNK, Special::kCwd},       {"exe", S_IFLNK, Special::kExe},
    {"root", S_IFLNK, Special::kRoot},     {"fd", S_IFDIR, Special::kFd},
    {"fdinfo", S_IFDIR, Special::kFdinfo}, {"fail-nth", S_IFREG, Special::kFailNth},
    {"task", S_IFDIR, Special::kTask},
};

constexpr size_t kSpecials = std::size(kSpecial);

// /proc/<pid>, /proc/<pid>/task/<tid>
class OneProcess final : public ProcessDirectory {
public:
    OneProcess(ProcSpot spot, ProcPlace inside) : ProcessDirectory(std::move(spot), inside, 0555) {}

    Result<RefPtr<fs::Node>> find(Text name) override;

protected:
    Result<bool> next_entry(uint32_t index, Entry& entry) override;

private:
    size_t specials() const { return inside() == ProcPlace::kProcess ? kSpecials : kSpecials - 1; }
};

// /proc/<pid>/task: a process has one thread, until lab futexes.
class Tasks final : public ProcessDirectory {
public:
    explicit Tasks(ProcSpot spot) : ProcessDirectory(std::move(spot), ProcPlace::kTasks, 0555) {}

    Result<RefPtr<fs::Node>> find(Text name) override {
        if (TRY(number_of_name(name)) != process().pid) return Errno{ENOENT};
        RefPtr<fs::Node> made = TRY(fs::make_node<OneProcess>(spot(1), ProcPlace::kThread));
        if (!give_to_user_of(process(), *made)) return Errno{ENOENT};
        return made;
    }

protected:
    Result<bool> next_entry(uint32_t index, Entry& entry) override {
        if (index > 1) return false;
        entry.index = 1;
        entry.type = S_IFDIR;
        entry.name = name_of_number(static_cast<uint64_t>(process().pid), entry.room);
        return true;
    }
};

Result<RefPtr<fs::Node>> make_special(Special what, ProcSpot spot) {
    switch (what) {
        case Special::kCwd: return make_process_link(std::move(spot), ProcessLink::kWorking);
        case Special::kExe: return make_process_link(std::move(spot), ProcessLink::kProgram);
        case Special::kRoot: return make_process_link(std::move(spot), ProcessLink::kRoot);
        case Special::kFd: return make_descriptors_directory(std::move(spot));
        case Special::kFdinfo: return make_descriptor_infos_directory(std::move(spot));
        case Special::kFailNth: return make_fail_nth(std::move(spot.process));
        case Special::kTask: return fs::make_node<Tasks>(std::move(spot));
    }
    return Errno{ENOENT};
}

Result<RefPtr<fs::Node>> OneProcess::find(Text name) {
    const auto texts = process_texts();
    RefPtr<fs::Node> made;
    for (size_t i = 0; i < texts.size() && !made; i++) {
        if (name == texts[i].name) made = TRY(make_process_text(spot(i + 1), texts[i]));
    }
    for (size_t i = 0; i < specials() && !made; i++) {
        if (name != kSpecial[i].name) continue;
        made = TRY(make_special(kSpecial[i].what, spot(texts.size() + i + 1)));
    }
    if (!made) return Errno{ENOENT};
    TRY(give_to_user_of(process(), *made));
    return made;
}

Result<bool> OneProcess::next_entry(uint32_t index, Entry& entry) {
    const auto texts = process_texts();
    entry.index = index;
    if (index <= texts.size()) {
        entry.type = S_IFREG;
        entry.name = texts[index - 1].name;
        return true;
    }
    const size_t special = index - 1 - texts.size();
    if (special >= specials()) return false;
    entry.type = kSpecial[special].type;
    entry.name = kSpecial[special].name;
    return true;
}

}  // namespace

Result<RefPtr<fs::Node>> make_process_directory(fs::Node& proc, ProcessPtr process) {
    const ProcNumber number = {process->pid, ProcPlace::kProcess};
    RefPtr<fs::Node> made = TRY(fs::make_node<OneProcess>(
        ProcSpot{RefPtr<fs::Node>(proc), process, number}, ProcPlace::kProcess));
    if (!give_to_user_of(*process, *made)) return Errno{ENOENT};
    return made;
}

// ---- what all of them do ----------------------------------------------------------------------------

ProcessDirectory::ProcessDirectory(ProcSpot spot, ProcPlace inside, uint32_t permissions)
    : fs::Node(fs::FileSystem::kProc, S_IFDIR | permissions, spot.number.number()),
      above_(std::move(spot.directory)),
      process_(std::move(spot.process)),
      inside_(inside) {}

ProcSpot ProcessDirectory::spot(size_t index) {
    return {RefPtr<fs::Node>(*this), process_, number_of(index)};
}

Result<RefPtr<fs::File>> ProcessDirectory::open(unsigned flags) {
    return fs::make_file<fs::DirectoryFile>(RefPtr<fs::Node>(*this), flags);
}

// A directory is only ever asked for its own entries: each has its index in its number.
Result<Text> ProcessDirectory::name_of(const fs::Node& child, std::span<char> buffer) {
    const uint32_t index = ProcNumber::of(child.number).index;
    Entry entry;
    if (!TRY(next_entry(index, entry)) || entry.index != index) return Errno{ENOENT};
    return fs::put_at_end(entry.name, buffer);
}

// A process that has been reaped has an empty directory, without even "." (Linux: ENOENT).
Result<bool> ProcessDirectory::entry_at(uint64_t position, fs::DirectoryEntry& found) {
    {
        sync::SpinGuard guard(task::family_lock);
        if (process_->task.state == task::ProcessState::kReaped) return Errno{ENOENT};
    }
    if (position < 2) {
        found.describe(position == 0 ? *this : *above_, position == 0 ? "." : "..", position + 1);
        return true;
    }
    if (position - 1 > UINT32_MAX) return false;
    Entry entry;
    if (!TRY(next_entry(static_cast<uint32_t>(position - 1), entry))) return false;
    found.number = number_of(entry.index).number();
    found.type = entry.type;
    found.next = entry.index + 2;
    found.name_size = entry.name.size();
    memcpy(found.name, entry.name.data(), found.name_size);
    return true;
}

Result<void> give_to_user_of(core::Process& process, fs::Node& node) {
    uint32_t uid = 0, gid = 0;
    const bool is_for_all = node.mode() == (S_IFDIR | 0555);
    {
        sync::SpinGuard guard(task::family_lock);
        if (process.task.state == task::ProcessState::kReaped) return Errno{ESRCH};
        const core::Thread* thread = process.task.thread;
        const bool is_open = thread != nullptr && mm::is_dumpable(*thread);
        if (is_open || is_for_all) {
            uid = task::credentials_of(process).euid;
            gid = task::credentials_of(process).egid;
        }
    }
    node.change_attributes([&](fs::Attributes& attributes) {
        attributes.uid = uid;
        attributes.gid = gid;
    });
    return {};
}

Text name_of_number(uint64_t number, std::span<char> room) {
    lib::BufferSink sink(room);
    lib::format_to(sink, "{}", number);
    return {sink.text().data(), sink.text().size()};
}

Result<int> number_of_name(Text name) {
    if (name.empty() || name.size() > 9 || (name.size() > 1 && name[0] == '0'))
        return Errno{ENOENT};
    int number = 0;
    for (const char c : name) {
        if (c < '0' || c > '9') return Errno{ENOENT};
        number = number * 10 + (c - '0');
    }
    return number;
}

}  // namespace proc
