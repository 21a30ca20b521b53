// Contract: proc/status.h. What only lab signals will know is zero.
#include "proc/status.h"

#include "arch/per_cpu.h"
#include "exec/door.h"
#include "exec/program.h"
#include "proc/memory.h"
#include "proc/view.h"
#include "task/times.h"

namespace proc {

namespace {

using lib::Sink;
using lib::Text;

constexpr uint64_t in_ticks(uint64_t ns) { return ns / sched::kNsPerTick; }

// Fields behind one another, a blank before each.
void write_fields(Sink& sink, std::initializer_list<uint64_t> fields) {
    for (const uint64_t field : fields) lib::format_to(sink, " {}", field);
}

}  // namespace

// ---- stat -------------------------------------------------------------------------------------------

// The fields in the order of the man page, which numbers them: pid is 1. The name may hold anything, blanks
// and parentheses too: who parses this looks for the last one.
Result<void> write_process_stat(Sink& sink, core::Process& process) {
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

namespace {

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

void write_memory(Sink& sink, const MemoryFigures& memory) {
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

}  // namespace

Result<void> write_process_status(Sink& sink, core::Process& process) {
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
    if (view->memory) write_memory(sink, measure(*view->memory));
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

}  // namespace proc
