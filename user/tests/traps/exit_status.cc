// exit_group(2): the status reaches whoever started the program; the host compares it with the
// value.
#include "cairn/check.h"
#include "cairn/syscall.h"

TEST("The status given to exit_group is the status with which the machine ends.") {
    int status = static_cast<int>(1 + secret(0) % 62);
    VALUE(status);
    cairn::finish();
    sys_exit_group(status);
}
