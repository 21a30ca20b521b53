// Stopping the kernel when it cannot go on: PANIC, ASSERT, UNREACHABLE.
//
// These are for mistakes of the kernel itself. What a user program or a device hands in is never
// a reason to panic: that is a Result (result.h).
#pragma once

#include "lib/format.h"

namespace lib {

// Prints the message, registers and backtrace, and ends the run. The kernel fulfils this in
// core/panic.cc, host programs in lib/host_shim.cc. `message` lives until the call ends, that is
// for ever.
[[noreturn]] void panic_at(const char* file, int line, const Message& message);

// Inlined, so that the first frame of the backtrace is the function that says PANIC.
template <typename... Arguments>
[[noreturn, gnu::always_inline]] inline void panic(
    const char* file, int line, FormatString<std::type_identity_t<Arguments>...> format,
    const Arguments&... arguments) {
    const Argument list[] = {make_argument(arguments)..., Argument{}};
    panic_at(file, line, Message{format.text, {list, sizeof...(Arguments)}});
}

}  // namespace lib

// PANIC("page {:#x} is mapped twice", address): lib::format_to's format strings.
#define PANIC(...) ::lib::panic(__FILE__, __LINE__, __VA_ARGS__)

#define UNREACHABLE() PANIC("reached a place that cannot be reached")

// The condition has no side effects: a release build does not evaluate it.
#ifdef NDEBUG
#define ASSERT(condition) static_cast<void>(sizeof((condition) ? 1 : 0))
#else
#define ASSERT(condition)                              \
    do {                                               \
        if (!(condition)) [[unlikely]] {               \
            PANIC("assertion failed: {}", #condition); \
        }                                              \
    } while (false)
#endif
