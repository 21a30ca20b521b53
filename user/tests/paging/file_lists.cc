// getdents64(2): every name once, "." and ".." too, whatever the size of the buffer.
#include "cairn/check.h"
#include "cairn/files.h"

struct Entry {
    uint64_t number;
    int64_t next;
    uint16_t size;
    uint8_t type;
    char name[];
};

// The folder's names mixed into one number, and how many they are.
struct Listing {
    uint64_t mix = 0;
    long count = 0;
    long error = 0;
};

static Listing list(int fd, size_t size) {
    alignas(8) static char buffer[4096];
    Listing listing;
    for (;;) {
        const long filled = sys_getdents64(fd, buffer, size);
        if (filled <= 0) {
            listing.error = filled;
            return listing;
        }
        for (long at = 0; at < filled; listing.count++) {
            const auto* entry = reinterpret_cast<const Entry*>(buffer + at);
            for (const char* c = entry->name; *c != '\0'; c++) listing.mix = listing.mix * 31 + *c;
            at += entry->size;
        }
    }
}

TEST("A folder is listed whole, again after lseek, and the same in small pieces.") {
    const int fd = static_cast<int>(open_path("/dev", O_RDONLY | O_DIRECTORY));
    const Listing whole = list(fd, 4096);
    CHECK_THAT(whole.error == 0 && whole.count > 4);
    CHECK(list(fd, 4096).count, 0);
    CHECK(sys_lseek(fd, 0, 0), 0);
    const Listing pieces = list(fd, 64);
    CHECK(pieces.count, whole.count);
    CHECK(pieces.mix, whole.mix);
    CHECK(sys_lseek(fd, 0, 0), 0);
    CHECK(list(fd, 16).error, -EINVAL);
    char byte;
    CHECK(sys_read(fd, &byte, 1), -EISDIR);
    CHECK(list(static_cast<int>(open_path("/dev/null", O_RDONLY)), 64).error, -ENOTDIR);
}
