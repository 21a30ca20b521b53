// What the kernel fulfils in core/panic.cc, for the programs that run kernel code on the host:
// unit tests, fuzzers, and the host rows of a lab. Statuses are those of the kernel's own run.
#include <unistd.h>

#include "lib/assert.h"
#include "lib/todo.h"

namespace lib {
namespace {

class StandardError final : public Sink {
public:
    void put(std::span<const char> text) override {
        while (!text.empty()) {
            const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
            if (written <= 0) {
                return;
            }
            text = text.subspan(static_cast<std::size_t>(written));
        }
    }
};

}  // namespace

void panic_at(const char* file, int line, const Message& message) {
    StandardError out;
    format_to(out, "PANIC: ");
    message.write_to(out);
    format_to(out, " ({}:{})\nPANIC: end\n", file, line);
    _exit(127);
}

void open_room_reached(const char* room, const char* file, int line) {
    StandardError out;
    format_to(out, "ROOM {} is open: {}:{}\n", room, file, line);
    _exit(121);
}

}  // namespace lib
