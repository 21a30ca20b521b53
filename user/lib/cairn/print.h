/* Printing for programs without a C library. Usable from C and from C++. */
#ifndef CAIRN_PRINT_H
#define CAIRN_PRINT_H

#include <stdarg.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes a formatted text to standard output with one write call; returns what write returned.
 * Knows %d %u %x %c %s %p %%, the lengths l, ll and z, a width and zero padding ("%08x").
 * What does not fit in 512 bytes is cut off. */
int print(const char* format, ...) __attribute__((format(printf, 1, 2)));

/* The same into a buffer, always terminated; returns the length of what stands there. */
size_t format_text(char* buffer, size_t size, const char* format, ...)
    __attribute__((format(printf, 3, 4)));
size_t format_text_list(char* buffer, size_t size, const char* format, va_list arguments);

#ifdef __cplusplus
}
#endif

#endif
