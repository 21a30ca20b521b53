// A text is one text, however it is read.
#include "proc_files.h"

static long change_mask(long mask) { return system_call(__NR_umask, mask, 0, 0, 0, 0, 0); }

TEST(
    "A text that is read in pieces is as it was when reading began; from the beginning it is "
    "new.") {
    change_mask(0022);
    int status = static_cast<int>(open_path("/proc/self/status", O_RDONLY));
    long size = 0;
    for (long got = 1; got > 0; size += got) {
        got = sys_read(status, proc::text + size, 3);
        if (size == 0) change_mask(0077);
    }
    CHECK_THAT(size > 300);
    proc::text[size] = '\0';
    CHECK_THAT(proc::begins(proc::line("Umask:"), "\t0022\n"));
    CHECK(*proc::line("nonvoluntary_ctxt_switches:"), '\t');
    CHECK(sys_read(status, proc::text, 10), 0);
    CHECK(sys_lseek(status, 0, 0), 0);
    CHECK_THAT(proc::read_open(status) > 300);
    CHECK_THAT(proc::begins(proc::line("Umask:"), "\t0077\n"));
    // At a position of its own, and behind the end.
    char name[5] = {};
    CHECK(sys_pread(status, name, 4, 0), 4);
    CHECK_THAT(proc::same(name, "Name"));
    CHECK(sys_pread(status, name, 4, 100000), 0);
    CHECK(sys_lseek(status, 0, 2) < 0, true);
}
