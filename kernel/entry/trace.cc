// Lines like `write(1, 0x10040, 6) = 6`. The call is printed before it is made, for it may not return;
// the descriptors that SYSCALL wrote say how.
#include "entry/trace.h"

#include "core/log.h"

namespace entry {

bool trace_system_calls = false;
bool trace_traps = false;

namespace {

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

}  // namespace

void traced_system_call(const SystemCallTable& table, arch::UserContext& user) {
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

void trace_trap(arch::Event event, arch::TrapCause trap, const arch::UserContext& user) {
    core::log("trace: {} at pc {:#x} value {:#x}", arch::describe(event), user.pc(), trap.value);
}

}  // namespace entry
