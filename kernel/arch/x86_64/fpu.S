// Not there yet.
#include "arch/x86_64/asm.h"
    .text
FUNCTION fpu_save
    ud2
END_FUNCTION fpu_save
FUNCTION fpu_restore
    ud2
END_FUNCTION fpu_restore
FUNCTION fpu_noise
    ud2
END_FUNCTION fpu_noise
