// uname(2), sethostname(2), reboot(2): what there is one of for all processes.
#include <linux/reboot.h>
#include <linux/utsname.h>

#include <cstring>

#include "arch/elf_machine.h"
#include "core/current.h"
#include "entry/syscall.h"
#include "mm/user_memory.h"
#include "task/exit.h"
#include "task/system_name.h"

namespace task {

namespace {

// The release tells programs which Linux they may expect.
constinit new_utsname the_name GUARDED_BY(family_lock) = {"Linux",    "(none)", "6.6.0-cairn",
                                                          "#1 Cairn", "",       "(none)"};

bool is_privileged() { return core::current().credentials.is_privileged(); }

Result<long> set_name(char (&place)[65], mm::UserBuffer name, int size) {
    if (!is_privileged()) return Errno{EPERM};
    if (size < 0 || size > 64) return Errno{EINVAL};
    char text[65] = {};
    const auto length = static_cast<size_t>(size);
    if (size != 0) TRY(name.read_into({reinterpret_cast<uint8_t*>(text), length}, 0));
    sync::SpinGuard guard(family_lock);
    memcpy(place, text, sizeof(place));
    return 0;
}

bool is_magic(unsigned first, unsigned second) {
    return first == LINUX_REBOOT_MAGIC1 &&
           (second == LINUX_REBOOT_MAGIC2 || second == LINUX_REBOOT_MAGIC2A ||
            second == LINUX_REBOOT_MAGIC2B || second == LINUX_REBOOT_MAGIC2C);
}

}  // namespace

new_utsname system_name() {
    new_utsname name;
    {
        sync::SpinGuard guard(family_lock);
        name = the_name;
    }
    memcpy(name.machine, arch::kMachineName, sizeof(arch::kMachineName));
    return name;
}

void set_host_name(lib::Text name) {
    char text[65] = {};
    memcpy(text, name.data(), name.first(sizeof(text) - 1).size());
    sync::SpinGuard guard(family_lock);
    memcpy(the_name.nodename, text, sizeof(text));
}

SYSCALL(uname, mm::UserPtr<new_utsname> result) {
    TRY(result.write(system_name()));
    return 0;
}

SYSCALL(sethostname, mm::UserBuffer name, int size) NO_THREAD_SAFETY_ANALYSIS {
    return set_name(the_name.nodename, name, size);
}
SYSCALL(setdomainname, mm::UserBuffer name, int size) NO_THREAD_SAFETY_ANALYSIS {
    return set_name(the_name.domainname, name, size);
}

// The machine cannot start again by itself: QEMU ends with it, and whoever started QEMU decides.
SYSCALL(reboot, unsigned first, unsigned second, unsigned command, mm::UserBuffer) {
    if (!is_privileged()) return Errno{EPERM};
    if (!is_magic(first, second)) return Errno{EINVAL};
    switch (command) {
        case LINUX_REBOOT_CMD_RESTART:
        case LINUX_REBOOT_CMD_RESTART2:
        case LINUX_REBOOT_CMD_HALT:
        case LINUX_REBOOT_CMD_POWER_OFF: end_machine(core::current(), 0);
        case LINUX_REBOOT_CMD_CAD_ON:
        case LINUX_REBOOT_CMD_CAD_OFF: return 0;
        default: return Errno{EINVAL};
    }
}

}  // namespace task
