// Not there yet.
#include "arch/x86_64/asm.h"
    .text
FUNCTION enter_user
    TODO_ROOM traps
END_FUNCTION enter_user
