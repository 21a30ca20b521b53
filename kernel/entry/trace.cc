// Lines like `write(1, 0x10040, 6) = 6`. The call is printed before it is made, for it may not return;
// the descriptors that SYSCALL wrote say how.
#include "entry/trace.h"

#include "core/log.h"
#include "core/timeline.h"

namespace entry {

bool trace_system_calls = false;
bool trace_traps = false;

namespace {

bool prints_system_calls = false;
bool prints_traps = false;

void write_arguments(lib::Sink& line, const SystemCall& call, const uint64_t* arguments) {
    for (unsigned i = 0; i < call.argument_count; i++) {
        if (i > 0) lib::format_to(line, ", ");
        switch (call.arguments[i]) {
            case ArgumentKind::kSigned:
                lib::format_to(line, "{}", static_cast<int64_t>(arguments[i]));
                break;
            case ArgumentKind::kUnsigned: lib::format_to(line, "{}", arguments[i]); break;
            case ArgumentKind::kAddress: lib::format_to(line, "{:#x}", arguments[i]); break;
        }
    }
}

void printed_system_call(const SystemCallTable& table, arch::UserContext& user) {
    const uint64_t number = user.call_number();
    const SystemCall* call = find_description(number);
    char text[160];
    lib::BufferSink line{text};
    if (call == nullptr) {
        lib::format_to(line, "system call {}(", static_cast<int64_t>(number));
    } else {
        lib::format_to(line, "{}(", call->name);
        write_arguments(line, *call, user.call_arguments());
    }
    core::log("trace: {})", line.text());
    handle_system_call(table, user);
    core::log("trace: {}) = {}", line.text(), user.result());
}

}  // namespace

void init_traces(const dev::BootArgs& args) {
    prints_system_calls = args.trace_syscalls;
    prints_traps = args.trace_traps;
    core::timeline_is_on = args.trace_timeline;
    trace_system_calls = prints_system_calls || core::timeline_is_on;
    trace_traps = prints_traps || core::timeline_is_on;
}

void traced_system_call(const SystemCallTable& table, arch::UserContext& user) {
    const uint64_t number = user.call_number();
    if (core::timeline_is_on) {
        const uint64_t* arguments = user.call_arguments();
        core::add_to_timeline(core::Mark::kCallBegins, number, arguments[0], arguments[1]);
    }
    prints_system_calls ? printed_system_call(table, user) : handle_system_call(table, user);
    if (core::timeline_is_on) {
        core::add_to_timeline(core::Mark::kCallEnds, number, static_cast<uint64_t>(user.result()));
    }
}

void trace_trap(arch::Event event, arch::TrapCause trap, const arch::UserContext& user) {
    if (prints_traps) {
        core::log("trace: {} at pc {:#x} value {:#x}", arch::describe(event), user.pc(),
                  trap.value);
    }
    const bool is_fault = decide(event, Origin::kUser) == Action::kFault;
    if (core::timeline_is_on && is_fault) {
        core::add_to_timeline(core::Mark::kFaultBegins, static_cast<uint64_t>(event), user.pc(),
                              trap.value);
    }
}

void begin_interrupt(Action action) {
    if (!core::timeline_is_on) return;
    core::add_to_timeline(core::Mark::kInterruptBegins, static_cast<uint64_t>(action));
}

void end_trap() {
    if (core::timeline_is_on) core::add_to_timeline(core::Mark::kTrapEnds, 0);
}

}  // namespace entry
