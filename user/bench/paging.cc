// How dear memory is: the first touch of a page, mmap with munmap, and a first touch among few and
// among many mappings. As empty_call.cc; called by tools/bench.py.
#include <linux/mman.h>

#include "cairn/print.h"
#include "cairn/syscall.h"

namespace {

constexpr long kPage = 4096;
constexpr long kTimes = 500;

char* map(long bytes, long address = 0, long more_flags = 0) {
    const long flags = MAP_PRIVATE | MAP_ANONYMOUS | more_flags;
    return reinterpret_cast<char*>(
        system_call(__NR_mmap, address, bytes, PROT_READ | PROT_WRITE, flags, -1, 0));
}

void unmap(char* begin, long bytes) {
    system_call(__NR_munmap, reinterpret_cast<long>(begin), bytes, 0, 0, 0, 0);
}

// Instructions of one first touch, over kTimes pages that lie `stride` pages apart.
long touch(char* begin, long stride) {
    begin[0] = 1;  // the tables on the way
    const int64_t before = monotonic_ns();
    for (long i = 1; i <= kTimes; i++) begin[i * stride * kPage] = 1;
    return static_cast<long>(monotonic_ns() - before) / kTimes;
}

long map_and_unmap() {
    unmap(map(65536), 65536);
    const int64_t before = monotonic_ns();
    for (long i = 0; i < kTimes; i++) unmap(map(65536), 65536);
    return static_cast<long>(monotonic_ns() - before) / kTimes;
}

// One page in two is a mapping of its own, for the pages between them are not mapped.
char* scatter(long mappings) {
    constexpr long kPlace = 0x10'0000'0000;
    for (long i = 0; i < mappings; i++) map(kPage, kPlace + 2 * i * kPage, MAP_FIXED);
    return reinterpret_cast<char*>(kPlace);
}

}  // namespace

int main() {
    char* memory = map((kTimes + 1) * kPage);
    print("bench first_touch %ld\n", touch(memory, 1));
    unmap(memory, (kTimes + 1) * kPage);
    print("bench map_unmap_64k %ld\n", map_and_unmap());
    print("bench touch_among_10 %ld\n", touch(scatter(kTimes + 1), 2));
    scatter(10'000);
    char* many = scatter(10'000) + 2 * 5'000 * kPage;
    print("bench touch_among_10000 %ld\n", touch(many, 2));
    return 0;
}
