// How much memory a process has had, and how often it was given a page: getrusage(2), wait4(2), proc(5).
#include "proc_files.h"

static constexpr uint64_t kPages = 1024, kBytes = kPages * 4096;
static constexpr long kKiB = kBytes / 1024;
static constexpr long kSlack = kKiB / 4;  // Linux counts in batches

static rusage usage_of(int who) {
    rusage usage = {};
    sys_getrusage(who, &usage);
    return usage;
}

// What stands behind a name in /proc/self/status.
static long status_kib(const char* name) {
    proc::read_path("/proc/self/status");
    return proc::number_of(name);
}

static void touch_all(uint64_t memory) {
    sys_madvise(memory, kBytes, MADV_NOHUGEPAGE);  // so that each page is a fault
    for (uint64_t page = 0; page < kPages; page++) {
        *reinterpret_cast<volatile uint64_t*>(memory + page * 4096) = page;
    }
}

struct Seen {
    long faults, grown, kept, most, peak;
};

// A child that uses much memory, gives it back, and tells what is said of it.
static int use_memory(Seen* seen) {
    const rusage before = usage_of(RUSAGE_SELF);
    const auto memory =
        static_cast<uint64_t>(sys_mmap(0, kBytes, READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    touch_all(memory);
    const rusage full = usage_of(RUSAGE_SELF);
    sys_munmap(memory, kBytes);
    seen->faults = full.ru_minflt - before.ru_minflt;
    seen->grown = full.ru_maxrss - before.ru_maxrss;
    seen->kept = usage_of(RUSAGE_SELF).ru_maxrss - before.ru_maxrss;
    seen->most = status_kib("VmHWM:") - status_kib("VmRSS:");
    seen->peak = status_kib("VmPeak:") - status_kib("VmSize:");
    return 0;
}

static bool is_about(long got, long wanted) {
    note("%ld, about %ld expected", got, wanted);
    return got >= wanted - kSlack && got <= wanted + kSlack;
}

TEST(
    "The most memory that a process had, and its page faults, are told to itself and to its "
    "parent.") {
    CHECK(usage_of(RUSAGE_CHILDREN).ru_maxrss, 0);
    CHECK(usage_of(RUSAGE_CHILDREN).ru_minflt, 0);
    Seen* seen = shared<Seen>();
    const long child = start_child([=] { return use_memory(seen); });
    rusage usage = {};
    int status = -1;
    CHECK(sys_wait4(static_cast<int>(child), &status, 0, &usage), child);
    CHECK(status, exited(0));
    CHECK_THAT(is_about(seen->faults, kPages));
    CHECK_THAT(is_about(seen->grown, kKiB));
    CHECK_THAT(is_about(seen->kept, kKiB));
    CHECK_THAT(is_about(seen->most, kKiB));
    CHECK_THAT(is_about(seen->peak, kKiB));
    // The child's own were few; a parent is told of the largest of its children, and of all their faults.
    CHECK_THAT(usage.ru_minflt >= seen->faults && usage.ru_maxrss >= kKiB - kSlack);
    CHECK(wait_for(start_child([] { return 0; })), exited(0));
    CHECK(usage_of(RUSAGE_CHILDREN).ru_maxrss, usage.ru_maxrss);
    CHECK_THAT(usage_of(RUSAGE_CHILDREN).ru_minflt > usage.ru_minflt);
}
