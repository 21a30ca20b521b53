// Registers and backtraces of user programs. Contract: entry/report.h.
#include "entry/report.h"

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/log.h"
#include "entry/door.h"
#include "exec/door.h"
#include "mm/user_memory.h"

namespace entry {

namespace {

constexpr unsigned kMostFrames = 16;

void report_user_frame(unsigned number, uint64_t address) {
    char name[80];
    const exec::UserSymbol symbol = exec::find_user_symbol(address, name);
    if (symbol.name.empty()) {
        core::report("    #{} 0x{:016x}", number, address);
    } else {
        core::report("    #{} 0x{:016x} {}+0x{:x}", number, address, symbol.name, symbol.offset);
    }
}

// The program's stack is the program's: every record is copied, and a bad one ends the list.
void report_user_backtrace(const arch::UserContext& user) {
    core::report("  backtrace:");
    report_user_frame(0, user.pc());
    uint64_t fp = user.frame_pointer();
    unsigned number = 1;
    while (number < kMostFrames) {
        arch::FrameRecord record;
        const mm::UserPtr<const arch::FrameRecord> place{fp + arch::kFrameRecordOffset};
        if (!place.read_into(record) || record.return_address == 0) return;
        if (number == 1 && record.return_address > fp) {
            // A function that calls nobody: see report_callers in core/panic.cc.
            report_user_frame(number++, user.link_register());
            fp = record.return_address;
            continue;
        }
        report_user_frame(number++, record.return_address);
        if (record.previous <= fp) return;
        fp = record.previous;
    }
}

}  // namespace

void report_registers(std::span<const uint64_t> registers) {
    // Four to a line: name and value, as a debugger shows them.
    for (size_t first = 0; first < registers.size(); first += 4) {
        char text[core::kLogLineBytes];
        lib::BufferSink line{text};
        for (size_t i = first; i < first + 4 && i < registers.size(); i++) {
            lib::format_to(line, " {:>3} 0x{:016x}", arch::kRegisterNames[i], registers[i]);
        }
        core::report(" {}", line.text());
    }
}

void report_fault(core::Thread& thread, arch::Event event, arch::TrapCause trap,
                  const task::Signal& signal) {
    core::log("cairn: {} killed by {}: {} at pc 0x{:x} address 0x{:x} ({})", thread.name,
              signal.name, arch::describe(event), thread.user.pc(), trap.value, signal.reason);
    report_registers(thread.user.registers());
    report_user_backtrace(thread.user);
}

void report_status(core::Thread& thread) {
    core::log("status: {} pid {} on CPU {}, {} ticks", thread.name, thread.tid,
              arch::this_cpu()->index, arch::this_cpu()->ticks);
    report_registers(thread.user.registers());
    report_user_backtrace(thread.user);
    core::log("status: end");
}

}  // namespace entry
