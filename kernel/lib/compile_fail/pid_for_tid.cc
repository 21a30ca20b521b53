// EXPECT g++: could not convert 'process' from '(lib::)?Pid' to '(lib::)?Tid'
// EXPECT clang: no (viable conversion from '(lib::)?Pid' to '(lib::)?Tid'|matching function for call)
#include "lib/strong_id.h"

void wake(Tid thread);

void work(Pid process, Tid thread) {
#ifdef MISTAKE
    static_cast<void>(thread);
    wake(process);
#else
    static_cast<void>(process);
    wake(thread);
#endif
}
