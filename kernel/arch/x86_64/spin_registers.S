// Not there yet.
#include "arch/x86_64/asm.h"
    .text
FUNCTION spin_with_registers
    ud2
END_FUNCTION spin_with_registers
