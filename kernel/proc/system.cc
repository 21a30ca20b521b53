// Contract: proc/system.h.
#include "proc/system.h"
#include "arch/cpu_info.h"
#include "core/clock.h"
#include "core/credentials.h"
#include "mm/address_space.h"
#include "proc/memory.h"
#include "proc/text_file.h"
#include "sched/scheduler.h"
#include "sched/statistics.h"
#include "task/family.h"
#include "task/system_name.h"
#include "task/times.h"

namespace proc {

namespace {

using lib::Sink;
using lib::Text;

constexpr uint64_t kHundredth = core::kNsPerSecond / 100;

// ---- texts ------------------------------------------------------------------------------------------

void write_seconds(Sink& sink, uint64_t ns) {
    lib::format_to(sink, "{}.{:02}", ns / core::kNsPerSecond, ns % core::kNsPerSecond / kHundredth);
}

// The second number is how long CPUs had nothing to do, all of them together.
void write_uptime(Sink& sink) {
    write_seconds(sink, core::now_ns());
    lib::format_to(sink, " ");
    write_seconds(sink, sched::use_of_all_cpus().idle_ns);
    lib::format_to(sink, "\n");
}

void write_loadavg(Sink& sink) {
    const sched::LoadAverage& load = sched::load_average();
    for (unsigned span = 0; span < sched::LoadAverage::kSpans; span++) {
        constexpr uint64_t kOne = sched::LoadAverage::kOne;
        const uint64_t rounded = load.value(span) + kOne / 200;
        lib::format_to(sink, "{}.{:02} ", rounded / kOne, rounded % kOne * 100 / kOne);
    }
    unsigned threads;
    int last;
    {
        sync::SpinGuard guard(task::family_lock);
        threads = task::count_threads();
        last = task::pids.last_given();
    }
    lib::format_to(sink, "{}/{} {}\n", sched::count_ready(), threads, last);
}

void write_use(Sink& sink, const sched::CpuUse& use) {
    for (const uint64_t ns : {use.user_ns, use.nice_ns, use.system_ns, use.idle_ns}) {
        lib::format_to(sink, " {}", ns / sched::kNsPerTick);
    }
    lib::format_to(sink, " 0 0 0 0 0 0\n");  // waiting for disks, in interrupts, of guests
}

void write_stat(Sink& sink) {
    const sched::CpuUse all = sched::use_of_all_cpus();
    lib::format_to(sink, "cpu ");
    write_use(sink, all);
    for (unsigned i = 0; i < arch::cpu_count(); i++) {
        lib::format_to(sink, "cpu{}", i);
        write_use(sink, sched::use_of_cpu(i));
    }
    uint64_t interrupts = 0;
    for (unsigned i = 0; i < arch::cpu_count(); i++) interrupts += arch::cpu_blocks[i].ticks;
    uint64_t forks;
    {
        sync::SpinGuard guard(task::family_lock);
        forks = task::count_forks();
    }
    const uint64_t now = core::now_ns();
    const uint64_t boot = core::realtime_ns() - now;
    lib::format_to(sink, "intr {}\nctxt {}\nbtime {}\n", interrupts, all.switches,
                   boot / core::kNsPerSecond);
    lib::format_to(sink, "processes {}\nprocs_running {}\nprocs_blocked 0\n", forks,
                   sched::count_ready());
}

void write_cpuinfo(Sink& sink) {
    for (unsigned i = 0; i < arch::cpu_count(); i++) {
        if (!arch::cpu_blocks[i].is_online()) continue;
        arch::write_cpu_info(sink, arch::cpu_blocks[i]);
        lib::format_to(sink, "\n");
    }
}

void write_version(Sink& sink) {
    const new_utsname name = task::system_name();
    lib::format_to(sink, "{} version {} (cairn@cairn) (g++ {}) {}\n", lib::Text(name.sysname),
                   lib::Text(name.release), __VERSION__, lib::Text(name.version));
}

void write_filesystems(Sink& sink) {
    lib::format_to(sink, "nodev\trootfs\nnodev\tdevtmpfs\nnodev\tproc\nnodev\tpipefs\n");
}

// ---- sys/kernel -----------------------------------------------------------------------------------------

void write_pid_max(Sink& sink) {
    sync::SpinGuard guard(task::family_lock);
    lib::format_to(sink, "{}\n", task::pids.limit());
}

Result<void> take_pid_max(Text text) {
    const uint64_t limit = TRY(parse_number(text));
    if (limit > task::PidTable::kMostLimit) return Errno{EINVAL};
    sync::SpinGuard guard(task::family_lock);
    return task::pids.set_limit(static_cast<int>(limit));
}

void write_host_name(Sink& sink) {
    lib::format_to(sink, "{}\n", Text(task::system_name().nodename));
}

Text without_newline(Text text) { return text.first(text.find('\n')); }

Result<void> take_host_name(Text text) {
    const Text name = without_newline(text);
    if (name.size() > 64) return Errno{EINVAL};
    task::set_host_name(name);
    return {};
}

void write_domain_name(Sink& sink) {
    lib::format_to(sink, "{}\n", Text(task::system_name().domainname));
}
void write_os_type(Sink& sink) { lib::format_to(sink, "{}\n", Text(task::system_name().sysname)); }
void write_release(Sink& sink) { lib::format_to(sink, "{}\n", Text(task::system_name().release)); }
void write_build(Sink& sink) { lib::format_to(sink, "{}\n", Text(task::system_name().version)); }
void write_most_groups(Sink& sink) { lib::format_to(sink, "{}\n", core::Groups::kMost); }
void write_most_threads(Sink& sink) { lib::format_to(sink, "{}\n", task::most_threads()); }

// ---- sys/vm -----------------------------------------------------------------------------------------

// Linux's first kind, the only one here: what is obviously too much is refused (mapping.cc).
void write_overcommit(Sink& sink) { lib::format_to(sink, "0\n"); }
Result<void> take_overcommit(Text text) {
    if (TRY(parse_number(text)) != 0) return Errno{EINVAL};
    return {};
}

void write_most_mappings(Sink& sink) {
    lib::format_to(sink, "{}\n", mm::AddressSpace::kMostMappings);
}
void write_lowest_mapping(Sink& sink) {
    lib::format_to(sink, "{}\n", mm::AddressSpace::kLowestMapping);
}

// ---- nodes ------------------------------------------------------------------------------------------

struct Kind {
    const char* name;
    void (*write)(Sink& sink);
    Result<void> (*take)(Text text) = nullptr;  // none: it cannot be changed
};

constexpr Kind kTexts[] = {
    {"cpuinfo", write_cpuinfo}, {"filesystems", write_filesystems},
    {"loadavg", write_loadavg}, {"meminfo", write_meminfo},
    {"stat", write_stat},       {"uptime", write_uptime},
    {"version", write_version},
};
constexpr Kind kKernel[] = {
    {"domainname", write_domain_name},   {"hostname", write_host_name, take_host_name},
    {"ngroups_max", write_most_groups},  {"osrelease", write_release},
    {"ostype", write_os_type},           {"pid_max", write_pid_max, take_pid_max},
    {"threads-max", write_most_threads}, {"version", write_build},
};
constexpr Kind kVm[] = {
    {"max_map_count", write_most_mappings},
    {"mmap_min_addr", write_lowest_mapping},
    {"overcommit_memory", write_overcommit, take_overcommit},
};

// `above` outlives it: it was made at boot.
class SystemText final : public TextNode {
public:
    SystemText(fs::Node& above, const Kind& kind)
        : TextNode(fs::FileSystem::kProc, S_IFREG | (kind.take != nullptr ? 0644 : 0444)),
          above_(above),
          kind_(kind) {}

    RefPtr<fs::Node> parent() override { return RefPtr<fs::Node>(above_); }
    Result<void> write_text(Sink& sink) override {
        kind_.write(sink);
        return {};
    }
    Result<void> take_text(Text text) override {
        if (kind_.take == nullptr) return Errno{EPERM};
        return kind_.take(text);
    }

private:
    fs::Node& above_;
    const Kind& kind_;
};

Result<void> add_texts(fs::Directory& directory, fs::Node& above, std::span<const Kind> kinds) {
    for (const Kind& kind : kinds) {
        TRY(directory.add(kind.name, TRY(fs::make_node<SystemText>(above, kind))));
    }
    return {};
}

Result<void> add_group(fs::Directory& sys, Text name, std::span<const Kind> kinds) {
    const auto group = TRY(lib::make_ref<fs::Directory>(fs::FileSystem::kProc, 0555, &sys));
    TRY(sys.add(name, group));
    return add_texts(*group, *group, kinds);
}

}  // namespace

Result<void> add_system_files(fs::Directory& directory, fs::Node& proc) {
    TRY(add_texts(directory, proc, kTexts));
    TRY(directory.add("mounts",
                      TRY(fs::make_node<fs::SymbolicLink>(fs::FileSystem::kProc, "self/mounts"))));
    const auto sys = TRY(lib::make_ref<fs::Directory>(fs::FileSystem::kProc, 0555, &proc));
    TRY(directory.add("sys", sys));
    TRY(add_group(*sys, "kernel", kKernel));
    return add_group(*sys, "vm", kVm);
}

}  // namespace proc
