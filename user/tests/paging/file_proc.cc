// proc(5): /proc/self/maps, cmdline and /proc/meminfo say what is so.
#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"
#include "cairn/print.h"

static char text[32768];

static long read_all(const char* path) {
    const int fd = static_cast<int>(open_path(path, O_RDONLY));
    long size = 0;
    for (long got = 1; got > 0 && size < static_cast<long>(sizeof text) - 1; size += got) {
        got = sys_read(fd, text + size, sizeof text - 1 - static_cast<size_t>(size));
        if (got < 0) return got;
    }
    text[size] = '\0';
    sys_close(fd);
    return size;
}

static bool holds(const char* wanted) {
    for (const char* at = text; *at != '\0'; at++) {
        int i = 0;
        while (wanted[i] != '\0' && at[i] == wanted[i]) i++;
        if (wanted[i] == '\0') return true;
    }
    return false;
}

TEST("maps has a line for each mapping, with its access and its file; meminfo counts the memory.") {
    const uint64_t memory =
        static_cast<uint64_t>(sys_mmap(0, 3 * PAGE, PROT_NONE, PRIVATE_ANONYMOUS, -1, 0));
    CHECK(sys_mprotect(memory + PAGE, PAGE, PROT_READ), 0);
    const int own = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    const uint64_t file =
        static_cast<uint64_t>(sys_mmap(0, PAGE, PROT_READ, MAP_PRIVATE, own, PAGE));
    CHECK_THAT(read_all("/proc/self/maps") > 0);
    char line[64];
    format_text(line, sizeof line, "%08lx-%08lx r--p 00000000", memory + PAGE, memory + 2 * PAGE);
    CHECK_THAT(holds(line));
    format_text(line, sizeof line, "%08lx-%08lx ---p 00000000", memory + 2 * PAGE,
                memory + 3 * PAGE);
    CHECK_THAT(holds(line));
    format_text(line, sizeof line, "%08lx-%08lx r--p 00001000", file, file + PAGE);
    CHECK_THAT(holds(line) && holds("[stack]\n"));

    CHECK_THAT(read_all("/proc/self/cmdline") > 0);
    CHECK_THAT(holds(cairn::argument(0)));
    CHECK_THAT(read_all("/proc/meminfo") > 0);
    CHECK_THAT(holds("MemTotal: ") && holds("MemFree: ") && holds(" kB\n"));
    CHECK_THAT(open_path("/proc/self/maps", O_RDONLY) > own);
    CHECK(open_path("/proc/self/nothing", O_RDONLY), -ENOENT);
}
