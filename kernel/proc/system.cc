// Contract: proc/system.h. Read next: proc_settings.cc.
#include "proc/system.h"

#include "arch/cpu_info.h"
#include "core/clock.h"
#include "proc/settings.h"
#include "proc/text.h"
#include "proc/text_file.h"
#include "sched/scheduler.h"
#include "sched/statistics.h"
#include "task/family.h"
#include "task/system_name.h"
#include "task/times.h"

namespace proc {

namespace {

using lib::Sink;

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

// ---- nodes ------------------------------------------------------------------------------------------

struct Kind {
    const char* name;
    void (*write)(Sink& sink);
};

constexpr Kind kTexts[] = {
    {"cpuinfo", write_cpuinfo}, {"filesystems", write_filesystems},
    {"loadavg", write_loadavg}, {"meminfo", write_meminfo},
    {"stat", write_stat},       {"uptime", write_uptime},
    {"version", write_version},
};

class SystemText final : public TextNode {
public:
    SystemText(fs::Node& proc, const Kind& text_kind)
        : TextNode(fs::FileSystem::kProc, S_IFREG | 0444), proc_(proc), kind_(text_kind) {}

    RefPtr<fs::Node> parent() override { return RefPtr<fs::Node>(proc_); }
    Result<void> write_text(Sink& sink) override {
        kind_.write(sink);
        return {};
    }

private:
    fs::Node& proc_;
    const Kind& kind_;
};

}  // namespace

Result<void> add_system_files(fs::Directory& directory, fs::Node& proc) {
    for (const Kind& text : kTexts) {
        TRY(directory.add(text.name, TRY(make_node<SystemText>(proc, text))));
    }
    TRY(directory.add("mounts",
                      TRY(fs::make_node<fs::SymbolicLink>(fs::FileSystem::kProc, "self/mounts"))));
    return add_settings(directory, proc);
}

}  // namespace proc
