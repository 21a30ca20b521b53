// The console, while the host types at it: lines, their end, raw bytes, and how long a read waits.
#include <asm/ioctls.h>
#include <asm/termbits.h>

#include "cairn/children.h"
#include "cairn/pipe.h"
#include "cairn/print.h"

static char bytes[100];

// Tells the host that it may type what it has under that name, and reads.
static long ask(const char* name, size_t size) {
    print("type: %s\n", name);
    return sys_read(0, bytes, size);
}

static uint64_t number() {
    uint64_t value = 0;
    for (int i = 0; i < 16; i++) value = value * 16 + static_cast<uint64_t>(bytes[i] - 'a');
    return value;
}

static long control(unsigned request, const void* argument) {
    return system_call(__NR_ioctl, 0, request, reinterpret_cast<long>(argument), 0, 0, 0);
}

TEST("A terminal gives lines that can be edited, or raw bytes, and waits as VMIN and VTIME say.") {
    struct termios usual = {}, raw;
    int count = -1;
    CHECK(control(TCGETS, &usual), 0);
    CHECK(usual.c_lflag & (ICANON | ECHO), ICANON | ECHO);
    CHECK(events_now(0, POLLIN | POLLOUT), POLLOUT);
    CHECK(sys_fcntl(0, F_SETFL, O_RDWR | O_NONBLOCK), 0);
    CHECK(sys_read(0, bytes, 1), -EAGAIN);
    CHECK(sys_fcntl(0, F_SETFL, O_RDWR), 0);
    CHECK(ask("line", sizeof bytes), 17);
    VALUE(number());
    CHECK(ask("two lines", 3), 3);
    CHECK(bytes[2], 'c');
    while (count < 5 && control(FIONREAD, &count) == 0) continue;
    CHECK(count, 5);
    CHECK(events_now(0, POLLIN | POLLOUT), POLLIN | POLLOUT);
    CHECK(sys_read(0, bytes, sizeof bytes), 1);
    CHECK(sys_read(0, bytes, sizeof bytes), 4);
    CHECK(ask("end", sizeof bytes), 0);
    raw = usual;
    raw.c_lflag &= ~static_cast<unsigned>(ICANON | ECHO);
    raw.c_cc[VMIN] = 16;
    CHECK(control(TCSETS, &raw), 0);
    CHECK(ask("raw", sizeof bytes), 16);
    VALUE(number());
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 1;
    CHECK(control(TCSETSW, &raw), 0);
    int64_t before = monotonic_ns();
    CHECK(sys_read(0, bytes, 1), 0);
    CHECK_THAT(monotonic_ns() - before >= 100'000'000);
    struct pollfd one = {0, POLLIN, 0};
    print("type: key\n");
    CHECK(sys_ppoll(&one, 1, nullptr), 1);
    CHECK(control(TCFLSH, reinterpret_cast<void*>(TCIFLUSH)), 0);
    CHECK(events_now(0, POLLIN), 0);
    CHECK(control(TCSETSF, &usual), 0);
    CHECK(sys_lseek(0, 0, 0), -ESPIPE);
}
