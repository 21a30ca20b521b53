// Composes a line in a buffer on the stack and hands it over whole, so that lines of several CPUs
// never mix.
#include "core/log.h"

#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "core/clock.h"

namespace core {

namespace {

void put_early(std::span<const char> text) {
    for (const char byte : text) {
        if (byte == '\n') arch::early_putc('\r');
        arch::early_putc(byte);
    }
}

LogOutput log_output = put_early;

// Leaves room for the newline and for the mark of a line that was cut.
struct Line {
    char bytes[kLogLineBytes];
    lib::BufferSink sink{std::span<char>(bytes, kLogLineBytes - 4)};

    void finish() {
        size_t length = sink.text().size();
        if (sink.truncated()) {
            for (int i = 0; i < 3; i++) bytes[length++] = '.';
        }
        bytes[length++] = '\n';
        log_text({bytes, length});
    }
};

}  // namespace

void set_log_output(LogOutput output) { log_output = output == nullptr ? put_early : output; }

void log_text(std::span<const char> text) { log_output(text); }

void log_message(const lib::Message& message) {
    Line line;
    const uint64_t microseconds = now_ns() / 1000;
    lib::format_to(line.sink, "[{:>5}.{:06} {}] ", microseconds / 1000000, microseconds % 1000000,
                   arch::this_cpu()->index);
    message.write_to(line.sink);
    line.finish();
}

void report_message(const lib::Message& message) {
    Line line;
    message.write_to(line.sink);
    line.finish();
}

}  // namespace core
