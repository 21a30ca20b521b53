// getdents64(2) on a folder from which names go meanwhile: what rm -r does.
#include "cairn/check.h"
#include "cairn/folders.h"

static constexpr int kFiles = 300;

static const char* name_of(int i) {
    static char name[16];
    format_text(name, sizeof name, "file%d", i);
    return name;
}

// Removes each name as soon as it is read; how many there were.
static int remove_all(int fd) {
    alignas(8) char records[256];
    int removed = 0;
    for (long filled; (filled = sys_getdents64(fd, records, sizeof records)) > 0;) {
        for (long at = 0; at < filled;) {
            const char* name = records + at + 19;
            if (name[0] != '.' && sys_unlink(name) == 0) removed++;
            at += *reinterpret_cast<unsigned short*>(records + at + 16);
        }
    }
    return removed;
}

TEST("A program that removes names while it lists them misses none.") {
    CHECK(enter_folder(), 0);
    long failed = 0;
    for (int i = 0; i < kFiles; i++) failed += make_file(name_of(i), 0600);
    CHECK(failed, 0);
    int fd = static_cast<int>(open_path(".", O_RDONLY | O_DIRECTORY));
    CHECK(remove_all(fd), kFiles);
    CHECK(sys_lseek(fd, 0, SEEK_SET), 0);
    CHECK(remove_all(fd), 0);
    CHECK(leave_folder(), 0);
}
