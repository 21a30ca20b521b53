// The part of formatting that runs: the format string was checked by the compiler (format.h).
#include "lib/format.h"

namespace lib {
namespace {

std::size_t length_of(const char* text) {
    std::size_t length = 0;
    while (text[length] != '\0') {
        length++;
    }
    return length;
}

void put_padding(Sink& sink, char fill, std::size_t count) {
    for (; count > 0; count--) {
        sink.put({&fill, 1});
    }
}

void put_text(Sink& sink, const FormatSpec& spec, std::span<const char> text) {
    const std::size_t padding = spec.width > text.size() ? spec.width - text.size() : 0;
    put_padding(sink, ' ', spec.align == '>' ? padding : 0);
    sink.put(text);
    put_padding(sink, ' ', spec.align == '>' ? 0 : padding);
}

// The sign and 0x stand before the zeros, but behind the blanks: "  -0x1f", "-0x0001f".
void put_number(Sink& sink, const FormatSpec& spec, std::uint64_t magnitude, bool negative,
                unsigned base) {
    char digits[20];  // 2^64 has 20 decimal digits
    std::size_t first = sizeof(digits);
    do {
        digits[--first] = "0123456789abcdef"[magnitude % base];
        magnitude /= base;
    } while (magnitude != 0);
    const std::span<const char> number{digits + first, sizeof(digits) - first};

    char lead[3];
    std::size_t lead_size = 0;
    if (negative) {
        lead[lead_size++] = '-';
    }
    if (spec.prefix && base == 16) {
        lead[lead_size++] = '0';
        lead[lead_size++] = 'x';
    }

    const std::size_t size = lead_size + number.size();
    const std::size_t padding = spec.width > size ? spec.width - size : 0;
    const bool left = spec.align == '<';
    put_padding(sink, ' ', left || spec.zeros ? 0 : padding);
    sink.put({lead, lead_size});
    put_padding(sink, '0', !left && spec.zeros ? padding : 0);
    sink.put(number);
    put_padding(sink, ' ', left ? padding : 0);
}

void put_integer(Sink& sink, const FormatSpec& spec, const Argument& argument) {
    const bool negative =
        argument.kind != Argument::Kind::Unsigned && static_cast<std::int64_t>(argument.number) < 0;
    const std::uint64_t magnitude = negative ? 0 - argument.number : argument.number;
    put_number(sink, spec, magnitude, negative, spec.type == 'x' ? 16 : 10);
}

void put_argument(Sink& sink, FormatSpec spec, const Argument& argument) {
    switch (argument.kind) {
        case Argument::Kind::Text: put_text(sink, spec, {argument.text, argument.number}); return;
        case Argument::Kind::Pointer:
            spec.prefix = true;
            put_number(sink, spec, argument.number, false, 16);
            return;
        case Argument::Kind::Bool:
            if (spec.type == 0) {
                const char* name = argument.number != 0 ? "true" : "false";
                put_text(sink, spec, {name, length_of(name)});
                return;
            }
            break;
        case Argument::Kind::Char:
            if (spec.type == 0) {
                spec.type = 'c';
            }
            break;
        case Argument::Kind::Signed:
        case Argument::Kind::Unsigned: break;
    }
    if (spec.type == 'c') {
        const char character = static_cast<char>(argument.number);
        put_text(sink, spec, {&character, 1});
    } else {
        put_integer(sink, spec, argument);
    }
}

}  // namespace

void BufferSink::put(std::span<const char> text) {
    for (const char c : text) {
        if (used_ == buffer_.size()) {
            truncated_ = true;
            return;
        }
        buffer_[used_++] = c;
    }
}

Argument text_argument(const char* text) {
    const char* shown = text != nullptr ? text : "(null)";
    return {Argument::Kind::Text, length_of(shown), shown};
}

void Message::write_to(Sink& sink) const {
    std::size_t next = 0;
    const char* at = format;
    while (*at != '\0') {
        // Plain text goes out in one piece; the brace that ends it is looked at below.
        const char* begin = at;
        while (*at != '\0' && *at != '{' && *at != '}') {
            at++;
        }
        sink.put({begin, at});
        if (*at == '\0') {
            return;
        }
        const char brace = *at++;
        FormatSpec spec;
        if (*at == brace) {
            sink.put({at++, 1});
        } else if (parse_spec(at, spec) && next < arguments.size()) {
            put_argument(sink, spec, arguments[next++]);
        }
    }
}

}  // namespace lib
