// EXPECT: format_string_has_more_braces_than_arguments
#include "lib/assert.h"

void fail(int line) {
#ifdef MISTAKE
    PANIC("line {}, column {}", line);
#else
    PANIC("line {}, column {}", line, 0);
#endif
}
