// clone with CLONE_VM: two processes in one address space.
#include "cairn/children.h"

static uint8_t stack[8192];
static volatile uint64_t word, mapping, go;

static long change(void* argument) {
    word = reinterpret_cast<uint64_t>(argument);
    mapping = map_memory(PAGE);
    *at(mapping) = secret(1);
    while (go != secret(2)) sleep_us(500);
    sys_munmap(mapping, PAGE);
    return sys_getpid() != sys_gettid();
}

TEST(
    "With CLONE_VM both see each other's writes and mappings, and the memory outlives the child.") {
    auto* argument = reinterpret_cast<void*>(secret(0));
    long child = clone_calling(CLONE_VM | SIGCHLD, stack + sizeof stack, change, argument, nullptr,
                               nullptr, 0);
    while (mapping == 0 || !is_mapped(mapping) || *at(mapping) != secret(1)) sleep_us(500);
    CHECK(word, secret(0));
    CHECK(*at(mapping), secret(1));
    CHECK_THAT(child != sys_getpid());
    go = secret(2);
    CHECK(wait_for(child), exited(0));
    CHECK(is_mapped(mapping), 0);
    word = secret(3);
    CHECK(word, secret(3));
}
