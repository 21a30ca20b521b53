// Stand-in for lab processes: /proc of a machine with one process, which never ends. Contract: proc/proc.h.
#include "proc/proc.h"

#include "core/clock.h"
#include "core/process.h"
#include "core/thread.h"
#include "fs/directory.h"
#include "mm/address_space.h"
#include "proc/fail_nth.h"
#include "proc/memory.h"
#include "proc/text_file.h"

namespace proc {

namespace {

using lib::Sink;
using lib::Text;

constexpr fs::FileSystem kProc = fs::FileSystem::kProc;

// Whom the texts are about.
struct Subject {
    core::Thread& thread;
    Text arguments;  // of its program, between blanks
};

// ---- texts ------------------------------------------------------------------------------------------

void write_memory(Sink& sink, const Subject&) { write_meminfo(sink); }

// The second number is the time that CPUs had nothing to do: there is no idle thread to ask.
void write_uptime(Sink& sink, const Subject&) {
    const uint64_t hundredths = core::now_ns() / (core::kNsPerSecond / 100);
    lib::format_to(sink, "{}.{:02} 0.00\n", hundredths / 100, hundredths % 100);
}

void write_cmdline(Sink& sink, const Subject& subject) {
    lib::format_to(sink, "{}{:c}", subject.thread.name, '\0');
    Text rest = subject.arguments;
    while (!rest.empty()) {
        const Text word = rest.take_until(' ');
        if (!word.empty()) lib::format_to(sink, "{}{:c}", word, '\0');
    }
}

Text last_name(Text path) {
    Text name;
    while (!path.empty()) name = path.take_until('/');
    return name.first(15);  // TASK_COMM_LEN, without the NUL
}

void write_status(Sink& sink, const Subject& subject) {
    core::Thread& thread = subject.thread;
    lib::format_to(sink, "Name:\t{}\nState:\tR (running)\n", last_name(thread.name));
    lib::format_to(sink, "Tgid:\t{}\nPid:\t{}\nPPid:\t0\nTracerPid:\t0\n", thread.tid, thread.tid);
    lib::format_to(sink, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
    if (thread.memory.space == nullptr) return;
    const uint64_t kib = thread.memory.space->sizes().mapped_bytes / 1024;
    lib::format_to(sink, "VmSize:\t{:>8} kB\n", kib);
}

void write_mappings(Sink& sink, const Subject& subject) {
    if (subject.thread.memory.space != nullptr) write_maps(sink, *subject.thread.memory.space);
}

struct Kind {
    const char* name;
    void (*write)(Sink& sink, const Subject& subject);
};

constexpr Kind kSystemTexts[] = {{"meminfo", write_memory}, {"uptime", write_uptime}};
constexpr Kind kProcessTexts[] = {
    {"cmdline", write_cmdline}, {"maps", write_mappings}, {"status", write_status}};

// ---- nodes ------------------------------------------------------------------------------------------

class ProcText final : public TextNode {
public:
    ProcText(const Kind& kind, const Subject& subject)
        : TextNode(kProc, S_IFREG | 0444), kind_(kind), subject_(subject) {}

    Result<void> write_text(Sink& sink) override {
        kind_.write(sink, subject_);
        return {};
    }

private:
    const Kind& kind_;
    const Subject subject_;
};

// /proc/<pid>/exe: the program that runs.
class ProgramLink final : public fs::Node {
public:
    explicit ProgramLink(core::Thread& thread) : fs::Node(kProc, S_IFLNK | 0777), thread_(thread) {}
    Result<RefPtr<fs::File>> open(unsigned) override { return Errno{ELOOP}; }
    Result<Text> target() override { return thread_.name; }

private:
    core::Thread& thread_;
};

Result<void> add_texts(fs::Directory& directory, std::span<const Kind> texts,
                       const Subject& subject) {
    for (const Kind& text : texts) {
        TRY(directory.add(text.name, TRY(fs::make_node<ProcText>(text, subject))));
    }
    return {};
}

}  // namespace

Result<RefPtr<fs::Node>> make_proc(fs::Node& root, core::Thread& thread, Text arguments) {
    const Subject subject = {thread, arguments};
    RefPtr<fs::Directory> proc = TRY(lib::make_ref<fs::Directory>(kProc, 0555, &root));
    TRY(add_texts(*proc, kSystemTexts, subject));
    const RefPtr<fs::Directory> process =
        TRY(lib::make_ref<fs::Directory>(kProc, 0555, proc.get()));
    TRY(proc->add("1", process));
    TRY(add_texts(*process, kProcessTexts, subject));
    TRY(process->add("fail-nth", TRY(make_fail_nth(RefPtr<core::Process>(*thread.process)))));
    TRY(process->add("exe", TRY(fs::make_node<ProgramLink>(thread))));
    TRY(proc->add("self", TRY(fs::make_node<fs::SymbolicLink>(kProc, "1"))));
    return RefPtr<fs::Node>(std::move(proc));
}

}  // namespace proc
