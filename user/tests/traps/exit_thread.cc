// exit(2): it ends one thread, and with the last one the process; of the status only the low eight
// bits count.
#include "cairn/check.h"
#include "cairn/syscall.h"

TEST("exit of the only thread ends the program with the low eight bits of the status.") {
    int status = static_cast<int>(1 + secret(0) % 62);
    VALUE(status);
    cairn::finish();
    sys_exit(static_cast<int>(secret(1) << 8) | status);
}
