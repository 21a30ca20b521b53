// Formatted printing into a buffer and out by one write call. Called by every program of user/.

#include "cairn/print.h"

#include "cairn/syscall.h"

namespace {

// Collects characters and drops those that find no room; one byte stays free for the terminating
// zero.
struct Sink {
    char* buffer;
    size_t size;
    size_t used = 0;

    void put(char c) {
        if (used + 1 < size) buffer[used++] = c;
    }
};

void put_number(Sink& sink, uint64_t value, unsigned base, bool negative, int width, char padding) {
    char digits[24];
    int count = 0;
    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    if (negative) digits[count++] = '-';
    for (; width > count; width--) sink.put(padding);
    while (count > 0) sink.put(digits[--count]);
}

int64_t signed_argument(va_list& list, int length) {
    return length >= 1 ? va_arg(list, long) : va_arg(list, int);
}

uint64_t unsigned_argument(va_list& list, int length) {
    return length >= 1 ? va_arg(list, unsigned long) : va_arg(list, unsigned);
}

}  // namespace

extern "C" size_t format_text_list(char* buffer, size_t size, const char* format,
                                   va_list arguments) {
    Sink sink = {buffer, size};
    va_list list;
    va_copy(list, arguments);
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            sink.put(*format);
            continue;
        }
        format++;
        char padding = *format == '0' ? '0' : ' ';
        int width = 0;
        while (*format >= '0' && *format <= '9') width = width * 10 + (*format++ - '0');
        int length = 0;
        while (*format == 'l' || *format == 'z') length++, format++;
        switch (*format) {
            case 'd': {
                int64_t value = signed_argument(list, length);
                // Negated as unsigned: the smallest number has no positive twin.
                uint64_t magnitude =
                    value < 0 ? -static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
                put_number(sink, magnitude, 10, value < 0, width, padding);
                break;
            }
            case 'u':
                put_number(sink, unsigned_argument(list, length), 10, false, width, padding);
                break;
            case 'x':
                put_number(sink, unsigned_argument(list, length), 16, false, width, padding);
                break;
            case 'p':
                sink.put('0');
                sink.put('x');
                put_number(sink, reinterpret_cast<uintptr_t>(va_arg(list, void*)), 16, false, width,
                           '0');
                break;
            case 'c': sink.put(static_cast<char>(va_arg(list, int))); break;
            case 's':
                for (const char* text = va_arg(list, const char*); *text != '\0'; text++)
                    sink.put(*text);
                break;
            default: sink.put(*format); break;
        }
        if (*format == '\0') break;
    }
    va_end(list);
    if (size > 0) buffer[sink.used] = '\0';
    return sink.used;
}

extern "C" size_t format_text(char* buffer, size_t size, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    size_t length = format_text_list(buffer, size, format, arguments);
    va_end(arguments);
    return length;
}

extern "C" int print(const char* format, ...) {
    char buffer[512];
    va_list arguments;
    va_start(arguments, format);
    size_t length = format_text_list(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    return static_cast<int>(sys_write(1, buffer, length));
}
