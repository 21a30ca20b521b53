// The word of x86_64.
#include "arch/word.h"

namespace arch {
const int kWordBits = 64;
}
