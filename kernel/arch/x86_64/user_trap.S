// Not there yet.
#include "arch/x86_64/asm.h"
    .text
FUNCTION system_call_entry
    TODO_ROOM traps
END_FUNCTION system_call_entry
