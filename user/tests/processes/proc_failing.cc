// ENOMEM while somebody looks into /proc, and what is left over of having looked.
#include "../paging/fail_nth.h"
#include "cairn/pipe.h"
#include "proc_files.h"

static long child;

static const char* const kTexts[] = {"stat",    "status",  "statm", "maps",
                                     "cmdline", "environ", "limits"};
static const char* const kLinks[] = {"exe", "cwd", "fd/0", "../self/fd/1"};
static const char* const kFolders[] = {"fd", "task", ".."};

static bool is_whole() { return sys_dup3(0, 40, 0) == 40 && sys_close(40) == 0; }

// Whether looking at it once, with each allocation failing in turn, came out wrong.
template <typename Look>
static uint64_t walk(const char* name, Look look) {
    auto undo = [](long) {};
    return fail_nth::walk(name, 1, look, undo, is_whole);
}

static uint64_t walk_all() {
    uint64_t wrong = 0;
    for (const char* name : kTexts) {
        wrong += walk(name, [=] { return proc::read_file(child, name); });
    }
    for (const char* name : kLinks) {
        proc::Path path(child, name);
        wrong += walk(name, [=] { return proc::read_link(path.bytes); });
    }
    for (const char* name : kFolders) {
        proc::Path path(child, name);
        wrong += walk(name, [=] {
            long fd = open_path(path.bytes, O_RDONLY | O_DIRECTORY);
            if (fd < 0) return fd;
            long count = proc::count_entries(static_cast<int>(fd), nullptr);
            sys_close(static_cast<int>(fd));
            return count;
        });
    }
    return wrong;
}

TEST("A look into /proc that finds no memory answers ENOMEM; nothing is left over of any look.") {
    CHECK_THAT(fail_nth::open_file());
    child = start_child([] { return sleep_us(100000000), 0; });
    sleep_us(20000);
    CHECK(walk_all(), 0);
    VALUE(free_memory());
    CHECK(walk_all(), 0);
    VALUE(free_memory());
    CHECK(sys_kill(static_cast<int>(child), SIGKILL), 0);
    CHECK(wait_for(child), killed_by(SIGKILL));
}
