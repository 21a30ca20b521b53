// Four processes make, link, rename and remove the same few names at once.
#include "races.h"

#include "cairn/folders.h"

static constexpr int kRounds = 400;

static const char* name_of(uint64_t n) {
    static const char* const kNames[] = {"d/a", "d/b", "d/c", "e/a", "e/b", "e/c"};
    return kNames[n % 6];
}

// Which of the calls succeed is chance; each answers something that it may answer.
static int meddle(uint64_t seed) {
    for (uint64_t i = 0; i < kRounds; i++) {
        const uint64_t drawn = secret(seed * kRounds + i);
        const char* first = name_of(drawn >> 8);
        const char* second = name_of(drawn >> 16);
        switch (drawn % 8) {
            case 0: make_file(first, 0600); break;
            case 1: sys_mkdir(first, 0700); break;
            case 2: sys_unlink(first); break;
            case 3: sys_rmdir(first); break;
            case 4: sys_link(first, second); break;
            case 5: sys_rename(first, second, RENAME_EXCHANGE); break;
            default: sys_rename(first, second, 0); break;
        }
    }
    return 0;
}

TEST("Whatever four processes do to the same names at once, the tree stays whole.") {
    CHECK(enter_folder(), 0);
    CHECK(sys_mkdir("d", 0700) + sys_mkdir("e", 0700), 0);
    long pids[4];
    for (uint64_t i = 0; i < 4; i++) pids[i] = start_child([=] { return meddle(i); });
    long failed = 0;
    for (long pid : pids) failed += wait_for(pid) != exited(0);
    CHECK(failed, 0);
    for (uint64_t i = 0; i < 6; i++) {
        if (sys_unlink(name_of(i)) != 0) sys_rmdir(name_of(i));
    }
    CHECK(status_of("d").st_nlink, 2);
    CHECK(sys_rmdir("d"), 0);
    CHECK(sys_rmdir("e"), 0);
    CHECK(leave_folder(), 0);
}
