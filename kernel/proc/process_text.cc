// The texts of /proc/<pid>, in the formats of proc(5): each is a function that writes one. Contract:
// proc/process.h. proc_status.cc has the two that tell most.
#include <linux/resource.h>

#include "core/current.h"
#include "exec/door.h"
#include "exec/program.h"
#include "proc/memory.h"
#include "proc/process.h"
#include "proc/status.h"
#include "proc/text.h"
#include "proc/text_file.h"
#include "proc/view.h"
#include "task/exit.h"

namespace proc {

namespace {

using core::Process;
using lib::Sink;
using lib::Text;

// ---- memory -----------------------------------------------------------------------------------------

Result<void> write_statm(Sink& sink, Process& process) {
    const UniquePtr<ProcessView> view = TRY(look_at(process));
    const MemoryFigures figures = view->memory ? measure(*view->memory) : MemoryFigures{};
    constexpr uint64_t kPage = arch::kPageSize;
    lib::format_to(sink, "{} {} {} {} 0 {} 0\n", figures.size / kPage, figures.resident / kPage,
                   figures.resident_of_files / kPage, figures.code / kPage,
                   (figures.data + figures.stack) / kPage);
    return {};
}

Result<void> write_maps_of(Sink& sink, Process& process) {
    const UniquePtr<ProcessView> view = TRY(look_at(process));
    if (view->memory) write_maps(sink, *view->memory);
    return {};
}

// What lies in the process's memory from `begin` to `end`, as far as it can be read. It may run another
// program by now, or have written something else there: that is its own affair.
Result<void> write_memory(Sink& sink, Process& process, uint64_t begin, uint64_t end) {
    const UniquePtr<ProcessView> view = TRY(look_at(process));
    if (!view->memory) return {};
    char bytes[256];
    while (begin < end) {
        const size_t count = end - begin < sizeof(bytes) ? end - begin : sizeof(bytes);
        const auto read =
            view->memory->read(begin, {reinterpret_cast<uint8_t*>(bytes), count}, view->limits);
        if (!read) return {};
        sink.put({bytes, count});
        begin += count;
    }
    return {};
}

exec::WordsInMemory words_of(const Process& process) {
    const RefPtr<exec::Program> program = exec::program_of(process);
    return program ? program->words : exec::WordsInMemory{};
}

Result<void> write_cmdline(Sink& sink, Process& process) {
    const exec::WordsInMemory words = words_of(process);
    return write_memory(sink, process, words.arguments_begin, words.arguments_end);
}

Result<void> write_environ(Sink& sink, Process& process) {
    const exec::WordsInMemory words = words_of(process);
    return write_memory(sink, process, words.environment_begin, words.environment_end);
}

// ---- the rest ---------------------------------------------------------------------------------------

Result<void> write_comm(Sink& sink, Process& process) {
    const UniquePtr<ProcessView> view = TRY(look_at(process));
    lib::format_to(sink, "{}\n", Text(view->name));
    return {};
}

// Only a process's own threads may change its names.
Result<void> take_comm(Process& process, Text name) {
    if (&process != &core::current_process()) return Errno{EINVAL};
    task::set_comm(core::current(), name.first(name.find('\0')));
    return {};
}

void write_limit(Sink& sink, uint64_t limit) {
    if (limit == RLIM64_INFINITY) {
        lib::format_to(sink, " {:<20}", "unlimited");
    } else {
        lib::format_to(sink, " {:<20}", limit);
    }
}

Result<void> write_limits(Sink& sink, Process& process) {
    static constexpr struct {
        const char* name;
        const char* unit;
    } kLimits[RLIM_NLIMITS] = {
        {"Max cpu time", "seconds"},     {"Max file size", "bytes"},
        {"Max data size", "bytes"},      {"Max stack size", "bytes"},
        {"Max core file size", "bytes"}, {"Max resident set", "bytes"},
        {"Max processes", "processes"},  {"Max open files", "files"},
        {"Max locked memory", "bytes"},  {"Max address space", "bytes"},
        {"Max file locks", "locks"},     {"Max pending signals", "signals"},
        {"Max msgqueue size", "bytes"},  {"Max nice priority", ""},
        {"Max realtime priority", ""},   {"Max realtime timeout", "us"},
    };
    const UniquePtr<ProcessView> view = TRY(look_at(process));
    lib::format_to(sink, "{:<25} {:<20} {:<20} {:<10}\n", "Limit", "Soft Limit", "Hard Limit",
                   "Units");
    for (unsigned i = 0; i < RLIM_NLIMITS; i++) {
        lib::format_to(sink, "{:<25}", kLimits[i].name);
        write_limit(sink, view->limits.of[i].soft);
        write_limit(sink, view->limits.of[i].hard);
        lib::format_to(sink, " {:<10}\n", kLimits[i].unit);
    }
    return {};
}

// There is one tree of file systems, the same for all.
struct Mount {
    fs::FileSystem file_system;
    const char* place;
    const char* name;
};
constexpr Mount kMounts[] = {{fs::FileSystem::kRoot, "/", "rootfs"},
                             {fs::FileSystem::kDevices, "/dev", "devtmpfs"},
                             {fs::FileSystem::kProc, "/proc", "proc"}};

Result<void> write_mounts(Sink& sink, Process&) {
    for (const Mount& mount : kMounts) {
        lib::format_to(sink, "{} {} {} rw,relatime 0 0\n", mount.name, mount.place, mount.name);
    }
    return {};
}

Result<void> write_mountinfo(Sink& sink, Process&) {
    const auto root = static_cast<unsigned>(fs::FileSystem::kRoot);
    for (const Mount& mount : kMounts) {
        const auto id = static_cast<unsigned>(mount.file_system);
        lib::format_to(sink, "{} {} 0:{} / {} rw,relatime - {} {} rw\n", id, id == root ? 1 : root,
                       id, mount.place, mount.name, mount.name);
    }
    return {};
}

Result<void> write_wchan(Sink& sink, Process&) {
    lib::format_to(sink, "0");
    return {};
}

// ---- the table --------------------------------------------------------------------------------------

constexpr auto kEverybody = ProcessText::ForWhom::kEverybody;
constexpr auto kFew = ProcessText::ForWhom::kWhoMayLookInto;

constexpr ProcessText kTexts[] = {
    {"cmdline", 0444, write_cmdline, nullptr, kEverybody},
    {"comm", 0644, write_comm, take_comm, kEverybody},
    {"environ", 0400, write_environ, nullptr, kFew},
    {"limits", 0444, write_limits, nullptr, kEverybody},
    {"maps", 0444, write_maps_of, nullptr, kFew},
    {"mountinfo", 0444, write_mountinfo, nullptr, kEverybody},
    {"mounts", 0444, write_mounts, nullptr, kEverybody},
    {"stat", 0444, write_process_stat, nullptr, kEverybody},
    {"statm", 0444, write_statm, nullptr, kEverybody},
    {"status", 0444, write_process_status, nullptr, kEverybody},
    {"wchan", 0444, write_wchan, nullptr, kEverybody},
};

class ProcessTextNode final : public TextNode {
public:
    ProcessTextNode(ProcSpot spot, const ProcessText& its_text)
        : TextNode(fs::FileSystem::kProc, S_IFREG | its_text.permissions, spot.number.number()),
          directory_(std::move(spot.directory)),
          process_(std::move(spot.process)),
          text_(its_text) {}

    RefPtr<fs::Node> parent() override { return directory_; }
    Result<RefPtr<fs::File>> open(unsigned flags) override {
        if (text_.for_whom == kFew) TRY(check_may_look_into(*process_));
        return TextNode::open(flags);
    }
    Result<void> write_text(Sink& sink) override { return text_.write(sink, *process_); }
    Result<void> take_text(Text text) override {
        if (text_.take == nullptr) return Errno{EINVAL};
        return text_.take(*process_, text);
    }

private:
    const RefPtr<fs::Node> directory_;
    const ProcessPtr process_;
    const ProcessText& text_;
};

}  // namespace

std::span<const ProcessText> process_texts() { return kTexts; }

Result<RefPtr<fs::Node>> make_process_text(ProcSpot spot, const ProcessText& text) {
    return fs::make_node<ProcessTextNode>(std::move(spot), text);
}

}  // namespace proc
