// The texts of /proc/<pid>, in the formats of proc(5): each is a function that writes one, and the
// table at the end names them. Contract: proc/process.h. What only lab signals will know is zero.
#include <linux/resource.h>

#include "arch/per_cpu.h"
#include "core/current.h"
#include "exec/door.h"
#include "exec/program.h"
#include "proc/memory.h"
#include "proc/process.h"
#include "proc/text_file.h"
#include "proc/view.h"
#include "task/exit.h"
#include "task/times.h"

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

constexpr uint64_t in_ticks(uint64_t ns) { return ns / sched::kNsPerTick; }

// Fields behind one another, a blank before each.
void write_fields(Sink& sink, std::initializer_list<uint64_t> fields) {
    for (const uint64_t field : fields) lib::format_to(sink, " {}", field);
}

// ---- stat -------------------------------------------------------------------------------------------

// The fields in the order of the man page, which numbers them: pid is 1. The name may hold anything,
// blanks and parentheses too: who parses this looks for the last one.
Result<void> write_stat(Sink& sink, Process& process) {
    const UniquePtr<ProcessView> view = TRY(look_at(process));
    const bool is_open = check_may_look_into(process).has_value();
    const RefPtr<exec::Program> program = exec::program_of(process);
    const exec::WordsInMemory words = program && is_open ? program->words : exec::WordsInMemory{};
    const MemoryFigures memory = view->memory ? measure(*view->memory) : MemoryFigures{};
    const MemoryFigures places = is_open ? memory : MemoryFigures{};
    const task::Usage &used = view->used, &reaped = view->used_by_reaped;
    lib::format_to(sink, "{} ({}) {:c} {} {} {} 0 -1 0", view->pid, Text(view->name), view->state,
                   view->parent, view->group, view->session);  // 9: tty_nr, tpgid, flags at the end
    write_fields(sink, {used.minor_faults, reaped.minor_faults, used.major_faults,
                        reaped.major_faults, in_ticks(used.user_ns), in_ticks(used.system_ns),
                        in_ticks(reaped.user_ns), in_ticks(reaped.system_ns)});
    lib::format_to(sink, " {} {} {} 0", 20 + view->nice, view->nice, view->threads);
    write_fields(sink, {in_ticks(view->started_ns), memory.size, memory.resident / arch::kPageSize,
                        view->limits.soft(RLIMIT_RSS), places.code_begin, places.code_end});
    // 28: startstack, kstkesp, kstkeip, four masks of signals, wchan, nswap, cnswap
    write_fields(sink, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    lib::format_to(sink, " {}", view->exit_signal);
    write_fields(sink, {view->cpu, 0, 0, 0, 0, 0});  // 40: rt_priority, policy, blkio, guest times
    write_fields(sink,
                 {places.data_begin, places.data_end, places.break_begin, words.arguments_begin,
                  words.arguments_end, words.environment_begin, words.environment_end});
    lib::format_to(sink, " {}\n", is_open ? view->status : 0);
    return {};
}

// ---- status -----------------------------------------------------------------------------------------

const char* word_for(char state) {
    switch (state) {
        case 'R': return "running";
        case 'S': return "sleeping";
        default: return "zombie";
    }
}

// A name on a line of its own: newlines in it are written as in C.
void write_name(Sink& sink, Text name) {
    for (const char c : name) {
        if (c == '\n') {
            lib::format_to(sink, "\\n");
        } else if (c == '\\') {
            lib::format_to(sink, "\\\\");
        } else {
            lib::format_to(sink, "{:c}", c);
        }
    }
}

void write_ids(Sink& sink, const ProcessView& view) {
    const core::Credentials& who = view.credentials;
    lib::format_to(sink, "Tgid:\t{}\nNgid:\t0\nPid:\t{}\nPPid:\t{}\nTracerPid:\t0\n", view.pid,
                   view.pid, view.parent);
    lib::format_to(sink, "Uid:\t{}\t{}\t{}\t{}\n", who.uid, who.euid, who.suid, who.fsuid);
    lib::format_to(sink, "Gid:\t{}\t{}\t{}\t{}\n", who.gid, who.egid, who.sgid, who.fsgid);
    lib::format_to(sink, "FDSize:\t{}\nGroups:\t",
                   view.descriptors ? view.descriptors->capacity() : 0);
    for (const uint32_t group : who.group_ids()) lib::format_to(sink, "{} ", group);
    lib::format_to(sink, "\n");
}

void write_memory_lines(Sink& sink, const MemoryFigures& memory) {
    const struct {
        const char* name;
        uint64_t bytes;
    } lines[] = {
        {"VmPeak", memory.most_size},
        {"VmSize", memory.size},
        {"VmLck", 0},
        {"VmPin", 0},
        {"VmHWM", memory.most_resident},
        {"VmRSS", memory.resident},
        {"RssAnon", memory.resident - memory.resident_of_files},
        {"RssFile", memory.resident_of_files},
        {"RssShmem", 0},
        {"VmData", memory.data},
        {"VmStk", memory.stack},
        {"VmExe", memory.code},
        {"VmLib", 0},
        {"VmSwap", 0},
    };
    for (const auto& line : lines) {
        lib::format_to(sink, "{}:\t{:>8} kB\n", line.name, line.bytes / 1024);
    }
}

void write_signals(Sink& sink, const ProcessView& view) {
    lib::format_to(sink, "SigQ:\t0/{}\n", view.limits.soft(RLIMIT_SIGPENDING));
    for (const char* name : {"SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt"}) {
        lib::format_to(sink, "{}:\t{:016x}\n", name, 0);
    }
}

// The superuser has every capability there is, nobody else has any (capabilities(7)).
void write_capabilities(Sink& sink, const ProcessView& view) {
    const core::Credentials& who = view.credentials;
    constexpr uint64_t kAll = (uint64_t{1} << 41) - 1;
    const uint64_t permitted = who.uid == 0 || who.euid == 0 || who.suid == 0 ? kAll : 0;
    lib::format_to(sink, "CapInh:\t{:016x}\nCapPrm:\t{:016x}\nCapEff:\t{:016x}\n", 0, permitted,
                   who.is_privileged() ? kAll : 0);
    lib::format_to(sink, "CapBnd:\t{:016x}\nCapAmb:\t{:016x}\n", kAll, 0);
    lib::format_to(sink, "NoNewPrivs:\t{}\nSeccomp:\t0\n", view.gains_nothing ? 1 : 0);
}

// The CPUs of a set as people write them: 0-2,5.
void write_list(Sink& sink, sched::CpuSet cpus) {
    const char* separator = "";
    for (unsigned i = 0; i < arch::kMaxCpus; i++) {
        if ((cpus >> i & 1) == 0) continue;
        unsigned last = i;
        while (last + 1 < arch::kMaxCpus && (cpus >> (last + 1) & 1) != 0) last++;
        lib::format_to(sink, "{}{}", separator, i);
        if (last > i) lib::format_to(sink, "-{}", last);
        separator = ",";
        i = last;
    }
}

Result<void> write_status(Sink& sink, Process& process) {
    const UniquePtr<ProcessView> view = TRY(look_at(process));
    lib::format_to(sink, "Name:\t");
    write_name(sink, view->name);
    lib::format_to(sink, "\n");
    if (view->context) {
        const uint32_t mask = view->context->mask();
        lib::format_to(sink, "Umask:\t0{}{}{}\n", mask >> 6 & 7, mask >> 3 & 7, mask & 7);
    }
    lib::format_to(sink, "State:\t{:c} ({})\n", view->state, word_for(view->state));
    write_ids(sink, *view);
    if (view->memory) write_memory_lines(sink, measure(*view->memory));
    lib::format_to(sink, "Threads:\t{}\n", view->threads);
    write_signals(sink, *view);
    write_capabilities(sink, *view);
    const sched::CpuSet cpus = view->affinity & ((sched::CpuSet{1} << arch::cpu_count()) - 1);
    lib::format_to(sink, "Cpus_allowed:\t{:x}\nCpus_allowed_list:\t", cpus);
    write_list(sink, cpus);
    lib::format_to(sink, "\nvoluntary_ctxt_switches:\t{}\nnonvoluntary_ctxt_switches:\t{}\n",
                   view->used.voluntary_switches, view->used.involuntary_switches);
    return {};
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
    {"stat", 0444, write_stat, nullptr, kEverybody},
    {"statm", 0444, write_statm, nullptr, kEverybody},
    {"status", 0444, write_status, nullptr, kEverybody},
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
