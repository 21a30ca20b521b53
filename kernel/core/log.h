// The kernel's own lines: `[    0.012345 0] cairn: text`, seconds since power-on and CPU in front.
#pragma once
#include <span>

#include "lib/format.h"

namespace core {

// How a finished piece of text leaves the machine. Before the console is there: early_putc.
using LogOutput = void (*)(std::span<const char> text);
void set_log_output(LogOutput output);

// Effect: writes text as it is, at once and whole. Context: any.
void log_text(std::span<const char> text);

// Effect: writes one line with time and CPU in front and a newline behind; what is longer than a line
// of kLogLineBytes is cut and marked. Context: any.
inline constexpr unsigned kLogLineBytes = 256;
void log_message(const lib::Message& message);

template <typename... Arguments>
void log(lib::FormatString<std::type_identity_t<Arguments>...> format,
         const Arguments&... arguments) {
    const lib::Argument list[] = {lib::make_argument(arguments)..., lib::Argument{}};
    log_message(lib::Message{format.text, {list, sizeof...(Arguments)}});
}

// Lines of a report that belongs to the line above: no time in front.
void report_message(const lib::Message& message);

template <typename... Arguments>
void report(lib::FormatString<std::type_identity_t<Arguments>...> format,
            const Arguments&... arguments) {
    const lib::Argument list[] = {lib::make_argument(arguments)..., lib::Argument{}};
    report_message(lib::Message{format.text, {list, sizeof...(Arguments)}});
}

}  // namespace core
