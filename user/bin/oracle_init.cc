// The first process on Linux when Linux is the referee (make oracle): it runs the programs of
// /oracle.list, one line of words each, as children, says how each ended, and powers the machine off.
// (Linux panics when its first process dies, and some rows are about dying.)
//
// On the console: "oracle: begin N", what the program writes, "oracle: status N <wait's status>".

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/reboot.h>

#include "cairn/print.h"
#include "cairn/syscall.h"

static long fork_process() { return system_call(__NR_clone, 17 /* SIGCHLD */, 0, 0, 0, 0, 0); }

static long open_path(const char* path, int flags) {
    return system_call(__NR_openat, -100 /* AT_FDCWD */, reinterpret_cast<long>(path), flags, 0, 0,
                       0);
}

static void mount_at(const char* path, const char* kind) {
    system_call(__NR_mkdirat, -100, reinterpret_cast<long>(path), 0755, 0, 0, 0);
    system_call(__NR_mount, reinterpret_cast<long>(kind), reinterpret_cast<long>(path),
                reinterpret_cast<long>(kind), 0, 0, 0);
}

// The initramfs has no /dev/console: mount devtmpfs and take the serial port itself for fds 0, 1
// and 2.
static void open_console() {
    mount_at("/dev", "devtmpfs");
    mount_at("/proc", "proc");
    for (long fd = 0; fd < 3; fd++) {
        system_call(__NR_close, fd, 0, 0, 0, 0, 0);
        open_path("/dev/ttyS0", 2 /* O_RDWR */);
    }
    // Bytes go out as they are: no carriage return before a line feed.
    termios modes;
    system_call(__NR_ioctl, 1, TCGETS, reinterpret_cast<long>(&modes), 0, 0, 0);
    modes.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    system_call(__NR_ioctl, 1, TCSETS, reinterpret_cast<long>(&modes), 0, 0, 0);
}

// The next word of the list, cut out of it in place; null at the end of the line.
static char* next_word(char*& at) {
    while (*at == ' ') at++;
    if (*at == '\n' || *at == '\0') return nullptr;
    char* word = at;
    while (*at != ' ' && *at != '\n' && *at != '\0') at++;
    if (*at == ' ') {
        *at++ = '\0';
    }
    return word;
}

// Runs one line of the list and returns wait's status.
static int run(char** arguments) {
    char* environment[] = {nullptr};
    long child = fork_process();
    if (child == 0) {
        long error = system_call(__NR_execve, reinterpret_cast<long>(arguments[0]),
                                 reinterpret_cast<long>(arguments),
                                 reinterpret_cast<long>(environment), 0, 0, 0);
        print("oracle: refused: %s cannot be executed, error %ld\n", arguments[0], error);
        sys_exit_group(127);
    }
    int status = -1;
    system_call(__NR_wait4, child, reinterpret_cast<long>(&status), 0, 0, 0, 0);
    return status;
}

static char list[1 << 16];

int main() {
    open_console();
    long file = open_path("/oracle.list", 0 /* O_RDONLY */);
    long size =
        system_call(__NR_read, file, reinterpret_cast<long>(list), sizeof list - 1, 0, 0, 0);
    if (size < 0) print("oracle: refused: /oracle.list cannot be read, error %ld\n", size);
    char* at = list;
    for (int number = 0; *at != '\0'; number++) {
        constexpr int kMostWords = 16;
        char* words[kMostWords + 1] = {};
        for (int i = 0; i < kMostWords; i++) {
            words[i] = next_word(at);
            if (words[i] == nullptr) break;
        }
        if (*at == '\n') *at++ = '\0';
        if (words[0] == nullptr) continue;
        print("oracle: begin %d\n", number);
        int status = run(words);
        print("oracle: status %d %d\n", number, status);
    }
    system_call(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_POWER_OFF,
                0, 0, 0);
    return 0;
}
