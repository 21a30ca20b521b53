// Contract: fs/proc_text.h.
#include "fs/proc_text.h"

#include <asm/mman.h>

#include "arch/memory.h"
#include "core/clock.h"
#include "core/thread.h"
#include "mm/address_space.h"
#include "mm/frames.h"

namespace fs {

namespace {

using lib::Sink;
using lib::Text;

constexpr uint64_t in_kib(uint64_t frames) { return frames * (arch::kPageSize / 1024); }

void write_meminfo(Sink& sink, const ProcSubject&) {
    const mm::FrameCounts frames = mm::count_frames();
    lib::format_to(sink, "MemTotal:       {:>8} kB\n", in_kib(frames.total));
    lib::format_to(sink, "MemFree:        {:>8} kB\n", in_kib(frames.free));
    lib::format_to(sink, "MemAvailable:   {:>8} kB\n", in_kib(frames.free));
    for (const char* none :
         {"Buffers:        ", "Cached:         ", "SwapTotal:      ", "SwapFree:       "}) {
        lib::format_to(sink, "{}{:>8} kB\n", none, 0);
    }
}

// The second number is the time that CPUs had nothing to do, which nobody counts yet.
void write_uptime(Sink& sink, const ProcSubject&) {
    const uint64_t hundredths = core::now_ns() / (core::kNsPerSecond / 100);
    lib::format_to(sink, "{}.{:02} 0.00\n", hundredths / 100, hundredths % 100);
}

void write_cmdline(Sink& sink, const ProcSubject& subject) {
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

void write_status(Sink& sink, const ProcSubject& subject) {
    core::Thread& thread = subject.thread;
    lib::format_to(sink, "Name:\t{}\nState:\tR (running)\n", last_name(thread.name));
    lib::format_to(sink, "Tgid:\t{}\nPid:\t{}\nPPid:\t0\nTracerPid:\t0\n", thread.tid, thread.tid);
    lib::format_to(sink, "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\n");
    if (thread.memory.space == nullptr) return;
    const uint64_t kib = thread.memory.space->mapped_bytes() / 1024;
    lib::format_to(sink, "VmSize:\t{:>8} kB\n", kib);
}

Text name_of(const mm::Vma& vma) {
    if ((vma.flags & mm::Vma::kHeap) != 0) return "[heap]";
    if ((vma.flags & mm::Vma::kGrowsDown) != 0) return "[stack]";
    return vma.source ? vma.source->name() : "";
}

// One line of maps. The names stand in a column of their own, as in Linux.
void write_mapping(Sink& sink, const mm::Vma& vma) {
    constexpr size_t kNameColumn = 73;
    char line[kNameColumn];
    lib::BufferSink head(line);
    const char access[] = {(vma.protection & PROT_READ) != 0 ? 'r' : '-',
                           (vma.protection & PROT_WRITE) != 0 ? 'w' : '-',
                           (vma.protection & PROT_EXEC) != 0 ? 'x' : '-',
                           (vma.flags & mm::Vma::kShared) != 0 ? 's' : 'p'};
    lib::format_to(head, "{:08x}-{:08x} {} {:08x} 00:00 0 ", vma.begin, vma.end,
                   Text(access, sizeof(access)), vma.source ? vma.offset : 0);
    const Text name = name_of(vma);
    if (name.empty()) {
        lib::format_to(sink, "{}\n", head.text());
    } else {
        lib::format_to(sink, "{:<73}{}\n", head.text(), name);
    }
}

void write_maps(Sink& sink, const ProcSubject& subject) {
    if (subject.thread.memory.space == nullptr) return;
    subject.thread.memory.space->for_each_mapping(
        [&](const mm::Vma& vma) { write_mapping(sink, vma); });
}

constexpr ProcText kSystemTexts[] = {{"meminfo", write_meminfo}, {"uptime", write_uptime}};
constexpr ProcText kProcessTexts[] = {
    {"cmdline", write_cmdline}, {"maps", write_maps}, {"status", write_status}};

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return 99;
}

}  // namespace

std::span<const ProcText> system_texts() { return kSystemTexts; }
std::span<const ProcText> process_texts() { return kProcessTexts; }

Result<uint64_t> parse_number(Text text) {
    text = text.first(text.find('\n'));
    const int base = text.starts_with("0x") ? 16 : 10;
    if (base == 16) text = text.without_first(2);
    if (text.empty()) return Errno{EINVAL};
    uint64_t number = 0;
    for (const char c : text) {
        const int digit = digit_of(c);
        if (digit >= base) return Errno{EINVAL};
        if (number > UINT32_MAX / 16) return Errno{ERANGE};
        number = number * static_cast<uint64_t>(base) + static_cast<uint64_t>(digit);
    }
    return number;
}

}  // namespace fs
