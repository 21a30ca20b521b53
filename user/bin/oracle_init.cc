// The first process on Linux when Linux is the referee: it runs one program as a child, says how
// that ended, and powers the machine off. (Linux panics when its first process dies, and some rows
// are about dying.)
//
// usage, on Linux's command line: rdinit=/oracle_init -- PROGRAM [ARGUMENT…]

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/reboot.h>

#include "cairn/print.h"
#include "cairn/syscall.h"

static long fork_process() { return system_call(__NR_clone, 17 /* SIGCHLD */, 0, 0, 0, 0, 0); }

static long open_path(const char* path) {
    return system_call(__NR_openat, -100 /* AT_FDCWD */, reinterpret_cast<long>(path),
                       2 /* O_RDWR */, 0, 0, 0);
}

// The initramfs has no /dev/console: mount devtmpfs and take the serial port itself for fds 0, 1
// and 2.
static void open_console() {
    system_call(__NR_mkdirat, -100, reinterpret_cast<long>("/dev"), 0755, 0, 0, 0);
    system_call(__NR_mount, reinterpret_cast<long>("dev"), reinterpret_cast<long>("/dev"),
                reinterpret_cast<long>("devtmpfs"), 0, 0, 0);
    for (long fd = 0; fd < 3; fd++) {
        system_call(__NR_close, fd, 0, 0, 0, 0, 0);
        open_path("/dev/ttyS0");
    }
    // Bytes go out as they are: no carriage return before a line feed.
    termios modes;
    system_call(__NR_ioctl, 1, TCGETS, reinterpret_cast<long>(&modes), 0, 0, 0);
    modes.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    system_call(__NR_ioctl, 1, TCSETS, reinterpret_cast<long>(&modes), 0, 0, 0);
}

int main(int argc, char** argv, char** envp) {
    open_console();
    if (argc < 2) {
        print("oracle: refused: no program was named after --\n");
    } else {
        long child = fork_process();
        if (child == 0) {
            long error = system_call(__NR_execve, reinterpret_cast<long>(argv[1]),
                                     reinterpret_cast<long>(argv + 1), reinterpret_cast<long>(envp),
                                     0, 0, 0);
            print("oracle: refused: %s cannot be executed, error %ld\n", argv[1], error);
            sys_exit_group(127);
        }
        int status = -1;
        system_call(__NR_wait4, child, reinterpret_cast<long>(&status), 0, 0, 0, 0);
        print("oracle: status %d\n", status);
    }
    system_call(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF,
                0, 0, 0);
    return 0;
}
