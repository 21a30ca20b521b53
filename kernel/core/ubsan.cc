// What debug builds do when the compiler's undefined-behaviour checks find something: panic with file
// and line. The names and the layout of the data are the compiler's (GCC, libsanitizer/ubsan).
#include <cstdint>

#include "lib/assert.h"

namespace {

// Every check's data begins with the place in the source.
struct SourceLocation {
    const char* file;
    uint32_t line;
    uint32_t column;
};

[[noreturn]] void found(const SourceLocation* where, const char* what) {
    lib::panic(where->file, static_cast<int>(where->line), "undefined behaviour: {}", what);
}

}  // namespace

// The further arguments say which values were at fault; the place is enough to find them with gdb.
#define UBSAN_HANDLER(name, what)                                                     \
    extern "C" [[noreturn]] void __ubsan_handle_##name(const SourceLocation* where) { \
        found(where, what);                                                           \
    }

UBSAN_HANDLER(type_mismatch_v1, "null or misaligned pointer, or object too small")
UBSAN_HANDLER(pointer_overflow, "pointer arithmetic wraps")
UBSAN_HANDLER(out_of_bounds, "index out of bounds")
UBSAN_HANDLER(shift_out_of_bounds, "shift by too much, or of a negative number")
UBSAN_HANDLER(add_overflow, "signed addition overflows")
UBSAN_HANDLER(sub_overflow, "signed subtraction overflows")
UBSAN_HANDLER(mul_overflow, "signed multiplication overflows")
UBSAN_HANDLER(negate_overflow, "negation overflows")
UBSAN_HANDLER(divrem_overflow, "division by zero, or overflow")
UBSAN_HANDLER(load_invalid_value, "a bool or an enum holds no such value")
UBSAN_HANDLER(builtin_unreachable, "a place that cannot be reached")
UBSAN_HANDLER(missing_return, "the end of a function without a return")
UBSAN_HANDLER(nonnull_arg, "null argument where none may be")
UBSAN_HANDLER(nonnull_return_v1, "null returned where none may be")
UBSAN_HANDLER(vla_bound_not_positive, "array of no positive size")
UBSAN_HANDLER(invalid_builtin, "count of leading or trailing zeros of 0")
