// The functions that a compiler may call without being asked: it needs them even where there is no
// C library.

#include <stddef.h>
#include <stdint.h>

extern "C" {

void* memcpy(void* to, const void* from, size_t size) {
    auto* out =
        static_cast<volatile uint8_t*>(to);  // volatile: or this loop would become a call of memcpy
    auto* in = static_cast<const uint8_t*>(from);
    for (size_t i = 0; i < size; i++) out[i] = in[i];
    return to;
}

void* memmove(void* to, const void* from, size_t size) {
    auto* out = static_cast<volatile uint8_t*>(to);
    auto* in = static_cast<const uint8_t*>(from);
    if (out <= in) return memcpy(to, from, size);
    for (size_t i = size; i > 0; i--) out[i - 1] = in[i - 1];
    return to;
}

void* memset(void* to, int byte, size_t size) {
    auto* out = static_cast<volatile uint8_t*>(to);
    for (size_t i = 0; i < size; i++) out[i] = static_cast<uint8_t>(byte);
    return to;
}

int memcmp(const void* left, const void* right, size_t size) {
    auto* a = static_cast<const uint8_t*>(left);
    auto* b = static_cast<const uint8_t*>(right);
    for (size_t i = 0; i < size; i++) {
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    }
    return 0;
}

size_t strlen(const char* text) {
    size_t length = 0;
    while (text[length] != '\0') length++;
    return length;
}

}  // extern "C"
