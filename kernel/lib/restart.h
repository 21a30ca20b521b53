// What becomes of a system call that a signal interrupts: these are errors inside the kernel, for no program.
// Once the thread has acted on its signals, signal::act puts EINTR in their place, or the call begins anew
// (signal(7), "Interruption of system calls"). The numbers are the ones that a tracer sees on Linux.
#pragma once
#include "lib/result.h"

namespace lib {

// ERESTARTSYS: anew after a handler with SA_RESTART, or if no handler ran.
inline constexpr Errno kRestartIfAsked{512};
// ERESTARTNOINTR: anew in any case.
inline constexpr Errno kRestartAlways{513};
// ERESTARTNOHAND: anew if no handler ran.
inline constexpr Errno kRestartNoHandler{514};
// ERESTART_RESTARTBLOCK: anew if no handler ran, and what was a span of time keeps its end.
inline constexpr Errno kRestartSameEnd{516};

// Whether a call's result is one of them.
constexpr bool asks_for_restart(long result) { return result <= -512 && result >= -516; }

}  // namespace lib
