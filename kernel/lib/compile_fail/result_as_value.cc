// EXPECT g++: cannot convert '(lib::)?Result<int>' to 'const int'
// EXPECT clang: no viable conversion from 'Result<int>' to 'const int'
#include "lib/result.h"

Result<int> count();

Result<int> next() {
#ifdef MISTAKE
    const int number = count();
#else
    const int number = TRY(count());
#endif
    return number + 1;
}
