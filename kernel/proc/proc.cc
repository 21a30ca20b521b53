// Contract: proc/proc.h. The root of /proc: files about the machine, which were made at boot, and a directory
// for each process, made for whoever looks for it. Read next: system.cc, process.cc.
#include "proc/proc.h"

#include <cstring>

#include "core/current.h"
#include "fs/directory.h"
#include "fs/file.h"
#include "proc/process.h"
#include "proc/system.h"
#include "task/family.h"

namespace proc {

namespace {

using lib::Text;

constexpr fs::FileSystem kProc = fs::FileSystem::kProc;

// /proc/self and /proc/thread-self: where they lead depends on who looks.
class SelfLink final : public fs::Node {
public:
    // `number` is that of the entry; `of_thread`: to its directory below task.
    enum class Kind : uint8_t { kProcess, kThread };
    SelfLink(uint64_t its_number, const core::Thread& thread, Kind link_kind)
        : fs::Node(kProc, S_IFLNK | 0777, its_number) {
        lib::BufferSink sink(bytes_);
        lib::format_to(sink, "{}", thread.process->pid);
        if (link_kind == Kind::kThread) lib::format_to(sink, "/task/{}", thread.tid);
        text_ = {sink.text().data(), sink.text().size()};
    }

    Result<RefPtr<fs::File>> open(unsigned) override { return Errno{ELOOP}; }
    Result<Text> target() override { return text_; }

private:
    char bytes_[32];
    Text text_;
};

class ProcRoot final : public fs::Node {
public:
    ProcRoot(fs::Node& root, RefPtr<fs::Directory> system)
        : fs::Node(kProc, S_IFDIR | 0555), root_(root), system_(std::move(system)) {}

    uint64_t links() const override;
    Result<RefPtr<fs::File>> open(unsigned flags) override {
        return fs::make_file<fs::DirectoryFile>(RefPtr<fs::Node>(*this), flags);
    }
    Result<RefPtr<fs::Node>> find(Text name) override;
    RefPtr<fs::Node> parent() override { return RefPtr<fs::Node>(root_); }
    Result<Text> name_of(const fs::Node& child, std::span<char> buffer) override;
    Result<bool> entry_at(uint64_t position, fs::DirectoryEntry& found) override;

private:
    // Behind all files about the machine stand the processes, each at its pid.
    static constexpr uint64_t kFirstProcess = 256;

    bool next_process(int least, fs::DirectoryEntry& found);

    fs::Node& root_;
    const RefPtr<fs::Directory> system_;
};

uint64_t ProcRoot::links() const {
    uint64_t count = system_->links();
    sync::SpinGuard guard(task::family_lock);
    task::for_each_process([&](core::Process&) { count++; });
    return count;
}

Result<RefPtr<fs::Node>> ProcRoot::find(Text name) {
    const auto pid = number_of_name(name);
    if (pid) {
        ProcessPtr process;
        {
            sync::SpinGuard guard(task::family_lock);
            core::Process* found = task::find_process(*pid);
            if (found == nullptr) return Errno{ENOENT};
            process = ProcessPtr(*found);
        }
        return make_process_directory(*this, std::move(process));
    }
    RefPtr<fs::Node> node = TRY(system_->find(name));
    const auto kind = name == "self" ? SelfLink::Kind::kProcess : SelfLink::Kind::kThread;
    if (name != "self" && name != "thread-self") return node;
    return fs::make_node<SelfLink>(node->number, core::current(), kind);
}

Result<Text> ProcRoot::name_of(const fs::Node& child, std::span<char> buffer) {
    if (child.number < ProcNumber::kFirst) return system_->name_of(child, buffer);
    char room[12];
    const int pid = ProcNumber::of(child.number).pid;
    return fs::put_at_end(name_of_number(static_cast<uint64_t>(pid), room), buffer);
}

Result<bool> ProcRoot::entry_at(uint64_t position, fs::DirectoryEntry& found) {
    if (position < 2) {
        found.describe(position == 0 ? *this : root_, position == 0 ? "." : "..", position + 1);
        return true;
    }
    if (position < kFirstProcess) {
        if (TRY(system_->entry_at(position, found))) return true;
        position = kFirstProcess;
    }
    const uint64_t least = position - kFirstProcess;
    if (least > INT32_MAX) return false;
    return next_process(static_cast<int>(least), found);
}

// The process with the smallest pid that is not below `least`.
bool ProcRoot::next_process(int least, fs::DirectoryEntry& found) {
    int pid = 0;
    {
        sync::SpinGuard guard(task::family_lock);
        task::PidEntry* entry = task::pids.first_not_below(least);
        while (entry != nullptr && entry->process == nullptr) entry = task::PidTable::next(*entry);
        if (entry == nullptr) return false;
        pid = entry->number;
    }
    const Text name = name_of_number(static_cast<uint64_t>(pid), found.name);
    found.name_size = name.size();
    found.number = ProcNumber{pid, ProcPlace::kProcess}.number();
    found.type = S_IFDIR;
    found.next = kFirstProcess + static_cast<uint64_t>(pid) + 1;
    return true;
}

}  // namespace

// What stands in `system` is found through the root, which is above it for whoever looks.
Result<RefPtr<fs::Node>> make_proc(fs::Node& root, core::Thread&, Text) {
    const RefPtr<fs::Directory> system = TRY(lib::make_ref<fs::Directory>(kProc, 0555, &root));
    RefPtr<fs::Node> proc = TRY(make_node<ProcRoot>(root, system));
    TRY(system->add("self", TRY(fs::make_node<fs::SymbolicLink>(kProc, "self"))));
    TRY(system->add("thread-self", TRY(fs::make_node<fs::SymbolicLink>(kProc, "thread-self"))));
    TRY(add_system_files(*system, *proc));
    return proc;
}

}  // namespace proc
