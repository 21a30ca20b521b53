// EXPECT: nodiscard.*write TRY\(\.\.\.\)
#include "lib/result.h"

Result<void> save();

Result<void> work() {
#ifdef MISTAKE
    save();
#else
    TRY(save());
#endif
    return {};
}
