// Stopping when the kernel itself made a mistake: say what, where, with registers and backtrace, and
// end the run with a status of its own. Works with nothing but a stack: the console's lock, the
// tables and the other CPUs may be what is broken. Contract: core/panic.h, lib/assert.h, lib/todo.h.
#include "core/panic.h"

#include "lib/atomic.h"

#include "arch/cpu.h"
#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "core/log.h"
#include "core/status.h"
#include "core/symbols.h"
#include "entry/door.h"
#include "lib/poison.h"
#include "lib/todo.h"

namespace core {

namespace {

lib::Atomic<unsigned> panicking_cpu{0};  // index + 1 of the CPU that panics, or 0

void (*panic_hook)() = nullptr;

// A message as text, so that a line can be made of it.
struct MessageText {
    char bytes[200];
    lib::BufferSink sink{bytes};
    explicit MessageText(const lib::Message& message) { message.write_to(sink); }
    std::span<const char> text() const { return sink.text(); }
};

// Effect: from here on this CPU alone runs and reports. One that panics while it reports says so
// shortly and gives up.
void become_the_reporter(std::span<const char> reason) {
    arch::disable_interrupts();
    set_log_output(nullptr);
    const unsigned me = arch::this_cpu()->index + 1;
    unsigned nobody = 0;
    if (panicking_cpu.compare_exchange(nobody, me)) {
        for (unsigned i = 0; i < arch::cpu_count(); i++) {
            const arch::Cpu& other = arch::cpu_blocks[i];
            if (i + 1 != me && other.is_online()) arch::send_ipi(other);
        }
        return;
    }
    if (nobody != me) {
        for (;;) arch::wait_for_interrupt();
    }
    log("PANIC: {} (while reporting the panic above)", reason);
    report("PANIC: end");
    arch::power_off(kStatusPanic);
}

// The first line, and whatever else wants to be told.
void report_reason(std::span<const char> reason, const char* file, int line) {
    if (file != nullptr) {
        log("PANIC: {} ({}:{})", reason, file, line);
    } else {
        log("PANIC: {}", reason);
    }
    if (panic_hook != nullptr) panic_hook();
}

entry::StackBounds stack_around(uint64_t address) {
    const arch::Cpu& cpu = *arch::this_cpu();
    const uint64_t emergency_low = cpu.emergency_top - arch::kEmergencyStackSize;
    if (address >= emergency_low && address < cpu.emergency_top) {
        return {emergency_low, cpu.emergency_top};
    }
    return {cpu.stack_low, cpu.stack_low + arch::kKernelStackSize};
}

void report_frame(unsigned number, uint64_t address) {
    const Symbol symbol = find_symbol(address);
    if (symbol.name == nullptr) {
        report("    #{} 0x{:016x}", number, address);
    } else {
        report("    #{} 0x{:016x} {}+0x{:x}", number, address, symbol.name, symbol.offset);
    }
}

void report_return_addresses(unsigned number, uint64_t frame_pointer) {
    uint64_t addresses[24];
    const size_t count = entry::backtrace(frame_pointer, stack_around(frame_pointer), addresses);
    // Nobody called the first function of a thread (arch/kernel_context.h).
    for (size_t i = 0; i < count && addresses[i] != 0; i++) report_frame(number++, addresses[i]);
}

void report_kernel_backtrace(uint64_t frame_pointer) {
    report("  backtrace:");
    report_return_addresses(0, frame_pointer);
}

// The return address of the function at `pc`, if it has no frame of its own (yet) and its caller's call
// put that address on top of the stack (x86-64), or 0.
uint64_t return_address_on_top(const arch::KernelFrame& frame, entry::StackBounds stack) {
    if (!stack.holds(frame.sp(), sizeof(uint64_t))) return 0;
    const uint64_t word = *reinterpret_cast<const uint64_t*>(frame.sp());
    if (find_symbol(word).name == nullptr) return 0;
    const uint64_t function = frame.pc() - find_symbol(frame.pc()).offset;
    return arch::returns_from(function, word) ? word : 0;
}

// A function that calls nobody may have no frame record: its return address is in a register, and its
// caller's frame pointer stands where others have the return address (GCC on riscv64), or it is all that
// lies on the stack (x86-64).
void report_callers(const arch::KernelFrame& frame) {
    const uint64_t fp = frame.frame_pointer();
    const entry::StackBounds stack = stack_around(fp);
    const uint64_t address = fp + arch::kFrameRecordOffset;
    if (stack.holds(address, sizeof(arch::FrameRecord))) {
        const auto& record = *reinterpret_cast<const arch::FrameRecord*>(address);
        if (stack.holds(record.return_address, 0)) {
            report_frame(1, frame.link_register());
            return report_return_addresses(2, record.return_address);
        }
    }
    unsigned number = 1;
    if (const uint64_t caller = return_address_on_top(frame, stack); caller != 0) {
        report_frame(number++, caller);
    }
    report_return_addresses(number, fp);
}

// Effect: says so if the trap came of a pointer that was read from freed memory.
void report_poison(const arch::KernelFrame& frame) {
    bool found = lib::is_near_poison(frame.trap_cause().value);
    for (const uint64_t value : frame.registers()) found |= lib::is_near_poison(value);
    if (!found) return;
    report(
        "  0x{:016x} and 0x{:016x} are what freed memory is filled with: something is used that "
        "was "
        "freed",
        lib::kPoison, lib::kOtherPoison);
}

}  // namespace

void set_panic_hook(void (*hook)()) { panic_hook = hook; }

bool is_panicking() { return panicking_cpu.load(lib::Order::kRelaxed) != 0; }

void panic_in_trap(const arch::KernelFrame& frame, const lib::Message& reason) {
    const MessageText text(reason);
    become_the_reporter(text.text());
    report_reason(text.text(), nullptr, 0);
    entry::report_registers(frame.registers());
    report_poison(frame);
    report("  backtrace:");
    report_frame(0, frame.pc());
    report_callers(frame);
    report("PANIC: end");
    arch::power_off(kStatusPanic);
}

void refuse_message(const lib::Message& why) {
    const MessageText text(why);
    log("cairn: refused: {}", text.text());
    arch::power_off(kStatusRefused);
}

}  // namespace core

namespace lib {

void panic_at(const char* file, int line, const Message& message) {
    const core::MessageText text(message);
    core::become_the_reporter(text.text());
    core::report_reason(text.text(), file, line);
    core::report_kernel_backtrace(arch::frame_pointer());
    core::report("PANIC: end");
    arch::power_off(core::kStatusPanic);
}

void open_room_reached(const char* room, const char* file, int line) {
    arch::disable_interrupts();
    core::set_log_output(nullptr);
    core::log("ROOM {} is open: {}:{}", room, file, line);
    arch::power_off(core::kStatusOpenRoom);
}

extern "C" [[noreturn]] void open_room_in_assembly(const char* room, const char* file, int line) {
    open_room_reached(room, file, line);
}

}  // namespace lib
