// reboot(2): what it refuses. (Nobody's machine is switched off here: the command only concerns a key.)
#include <linux/reboot.h>

#include "cairn/children.h"

static long order(long magic1, long magic2, long command) {
    return system_call(__NR_reboot, magic1, magic2, command, 0, 0, 0);
}

TEST("reboot answers EPERM to an ordinary user, and EINVAL without its magic numbers.") {
    CHECK(in_child([] {
              uint64_t wrong = differs("become_user", become_user(1000), 0);
              if (wrong != 0) return wrong;
              wrong +=
                  differs("a user",
                          order(LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_OFF),
                          -EPERM);
              return wrong + differs("rights come first", order(0, 0, 0), -EPERM);
          }),
          0);
    CHECK(order(0, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_OFF), -EINVAL);
    CHECK(order(LINUX_REBOOT_MAGIC1, 1, LINUX_REBOOT_CMD_CAD_OFF), -EINVAL);
    CHECK(order(LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, 0x1234), -EINVAL);
}
