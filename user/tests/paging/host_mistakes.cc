// Whoever frees what it does not have has a bug: a debug build must stop there, not hand the frame out twice.
#include <sys/wait.h>
#include <unistd.h>

#include "cairn/check.h"
#include "mm/buddy.h"

static constexpr int kPanicStatus = 127;
static constexpr uint32_t kLargest = 1u << mm::BuddyAllocator::kMaxOrder;

static mm::Frame frames[2 * kLargest];
static mm::BuddyAllocator buddies;

// Whether freeing this ends the program with a panic; a child tries it.
static bool panics(uint32_t first, unsigned order) {
    const pid_t child = fork();
    if (child == 0) {
        close(STDOUT_FILENO);
        close(STDERR_FILENO);
        buddies.free(first, order);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == kPanicStatus;
}

TEST("A block freed twice, with a wrong order or without an owner stops a debug build.") {
    buddies.start(frames);
    buddies.add(kLargest, 2 * kLargest);  // the lower half is reserved
    const unsigned order = 2 + static_cast<unsigned>(secret(0) % 3);
    const Result<uint32_t> block = buddies.allocate(order);
    const uint32_t first = block ? *block : 0;
    CHECK(buddies.allocate(order).has_value(), true);
    CHECK(panics(first, order), false);
    CHECK(panics(first, order - 1), true);
    CHECK(panics(first, order + 1), true);
    CHECK(panics(first + 1, 0), true);
    CHECK(panics(static_cast<uint32_t>(secret(1) % kLargest), 0), true);  // reserved
    CHECK(panics(2 * kLargest - 1, 0), true);                             // free
    buddies.free(first, order);
    CHECK(panics(first, order), true);  // twice
}
