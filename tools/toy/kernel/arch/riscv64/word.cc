// The word of riscv64.
#include "arch/word.h"

namespace arch {
const int kWordBits = 64;
}
