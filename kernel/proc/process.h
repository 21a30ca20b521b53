// /proc/<pid> and all that stands below it. Nodes are made when somebody looks for them; each keeps its
// process, and answers ESRCH or ENOENT when that has been reaped.
#pragma once
#include "core/process.h"
#include "fs/node.h"
#include "lib/format.h"

namespace proc {

// ---- the numbers of nodes (st_ino) ----
// A node is made when somebody looks for it, and lives no longer than the look. By its number it is the
// same each time, and its directory knows its name.

// Which directory of a process a node is, or stands in.
enum class ProcPlace : uint8_t { kProcess, kTasks, kThread, kDescriptors, kDescriptorInfos };

struct ProcNumber {
    int pid;
    ProcPlace place;
    uint32_t index =
        0;  // 0: the directory itself; others are those of its entries, or descriptors + 1

    // Above all numbers that nodes get in turn (node.h).
    static constexpr uint64_t kFirst = uint64_t{1} << 52;

    constexpr uint64_t number() const {
        return kFirst | static_cast<uint64_t>(pid) << 28 | static_cast<uint64_t>(place) << 24 |
               index;
    }
    static constexpr ProcNumber of(uint64_t number) {
        return {static_cast<int>((number & ~kFirst) >> 28),
                static_cast<ProcPlace>(number >> 24 & 15),
                static_cast<uint32_t>(number & 0xffffff)};
    }
};

// ---- directories ----

using ProcessPtr = RefPtr<core::Process>;

// Effect: the directory of a process, below `proc`. ENOMEM; ENOENT: it has been reaped.
Result<RefPtr<fs::Node>> make_process_directory(fs::Node& proc, ProcessPtr process);

// Where a node is to stand, and whom it is about.
struct ProcSpot {
    RefPtr<fs::Node> directory;
    ProcessPtr process;
    ProcNumber number;
};

// What the directories below /proc have in common.
class ProcessDirectory : public fs::Node {
public:
    RefPtr<fs::Node> parent() override { return above_; }
    Result<RefPtr<fs::File>> open(unsigned flags) override;
    Result<lib::Text> name_of(const fs::Node& child, std::span<char> buffer) override;
    Result<bool> entry_at(uint64_t position, fs::DirectoryEntry& entry) override;
    uint64_t links() const override { return 2; }

protected:
    // `inside` is the place of its entries.
    ProcessDirectory(ProcSpot spot, ProcPlace inside, uint32_t permissions);

    // Effect: the first entry whose index is at least `index`, from 1 up; writes its name. False at the
    // end.
    struct Entry {
        uint32_t index;
        uint32_t type;  // S_IFMT
        lib::Text name;
        char room[12];  // for a name that is a number
    };
    virtual Result<bool> next_entry(uint32_t index, Entry& entry) = 0;

    core::Process& process() const { return *process_; }
    ProcPlace inside() const { return inside_; }
    // The spot of its entry with this index.
    ProcSpot spot(size_t index);

private:
    ProcNumber number_of(size_t index) const {
        return {process_->pid, inside_, static_cast<uint32_t>(index)};
    }

    const RefPtr<fs::Node> above_;
    const ProcessPtr process_;
    const ProcPlace inside_;
};

// Effect: the node belongs to the user of the process; to the superuser, if it is not for everybody and
// the process keeps its secrets (PR_SET_DUMPABLE) or is a zombie. ESRCH: it has been reaped.
Result<void> give_to_user_of(core::Process& process, fs::Node& node);

// A number as a name: `room` holds it.
lib::Text name_of_number(uint64_t number, std::span<char> room);
// The number that a name is, without zeros in front. ENOENT: it is none.
Result<int> number_of_name(lib::Text name);

// ---- what stands in the directory, each in a file of its own ----

// Effect: a link that says where `what` of a process leads (files.cc).
enum class ProcessLink : uint8_t { kProgram, kWorking, kRoot };
Result<RefPtr<fs::Node>> make_process_link(ProcSpot spot, ProcessLink what);
// Effect: a link to one of its open files. ENOENT.
Result<RefPtr<fs::Node>> make_descriptor_link(ProcSpot spot, int fd);

// Effect: fd and fdinfo (files.cc).
Result<RefPtr<fs::Node>> make_descriptors_directory(ProcSpot spot);
Result<RefPtr<fs::Node>> make_descriptor_infos_directory(ProcSpot spot);

// The files with texts (texts.cc).
struct ProcessText {
    const char* name;
    uint32_t permissions;
    Result<void> (*write)(lib::Sink& sink, core::Process& process);
    Result<void> (*take)(core::Process& process, lib::Text text);
    enum class ForWhom : uint8_t { kEverybody, kWhoMayLookInto } for_whom;
};
std::span<const ProcessText> process_texts();
Result<RefPtr<fs::Node>> make_process_text(ProcSpot spot, const ProcessText& text);

}  // namespace proc
