// EXPECT: cast the enumerator to an integer
#include "lib/result.h"

void fail(Errno error) {
#ifdef MISTAKE
    PANIC("error {}", error);
#else
    PANIC("error {}", static_cast<int>(error));
#endif
}
