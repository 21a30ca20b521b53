/* Takes memory in every way that there is, and gives it back, for as long as it is let (`hog 2`: two
 * rounds), so that the map of memory has something to show (make memory-map, make demo LAB=paging).
 *
 * After each small change it calls hog_step, after each chapter hog_chapter: whoever watches stops it
 * there. What it claims to have is what the map must show. */
#include "cairn/files.h"
#include "cairn/memory.h"
#include "cairn/print.h"

enum { kHeapPages = 192, kStep = 16, kLargePages = 4096, kDeep = 48 };

__attribute__((noipa)) void hog_step(void) {}
__attribute__((noipa)) void hog_chapter(void) {}

static uint64_t large;
static char* heap_begin;

/* "claims" is for programs that read this: a range, and how many of its pages are there. */
static void claim(const char* what, uint64_t begin, uint64_t pages, uint64_t present) {
    print("hog: %s; claims 0x%lx %lu %lu\n", what, (unsigned long)begin, (unsigned long)pages,
          (unsigned long)present);
    hog_chapter();
}

static void touch(uint64_t begin, uint64_t pages, uint64_t every) {
    uint64_t touched = 0;
    for (uint64_t page = 0; page < pages; page += every) {
        *at(begin + page * PAGE) = page;
        if (++touched % kStep == 0) hog_step();
    }
}

static void grow_heap(void) {
    heap_begin = (char*)((sys_brk(0) + PAGE - 1) & ~(PAGE - 1));
    sys_brk((uint64_t)heap_begin + kHeapPages * PAGE);
    touch((uint64_t)heap_begin, kHeapPages, 1);
    claim("the heap has grown", (uint64_t)heap_begin, kHeapPages, kHeapPages);
}

static void map_large(void) {
    large = (uint64_t)map_memory(kLargePages * PAGE);
    claim("16 MiB are mapped and cost nothing", large, kLargePages, 0);
    touch(large, kLargePages, 8);
    claim("every eighth page of them was touched", large, kLargePages, kLargePages / 8);
    touch(large, kLargePages / 4, 1);
    claim("the first quarter is full", large, kLargePages / 4, kLargePages / 4);
}

static void cut_large(void) {
    const uint64_t quarter = kLargePages / 4 * PAGE;
    sys_munmap(large + quarter, quarter);
    sys_mprotect(large + 3 * quarter, quarter, PROT_READ);
    claim("the second quarter is gone, and the last can only be read", large + 3 * quarter,
          kLargePages / 4, kLargePages / 32);
    for (uint64_t done = 0; done < quarter; done += quarter / 8) {
        sys_madvise(large + done, quarter / 8, MADV_DONTNEED);
        hog_step();
    }
    claim("the first quarter is still mapped, but its pages went back", large, kLargePages / 4, 0);
}

/* Its pages are the file's own: they stay when the mapping is gone. */
static void map_file(const char* path) {
    const long fd = sys_openat(AT_FDCWD, path, O_RDONLY);
    const long file = sys_mmap(0, 4 * PAGE, PROT_READ, MAP_PRIVATE, (int)fd, 0);
    unsigned char first = *(volatile unsigned char*)file;
    print("hog: its own file begins with %d; claims 0x%lx 4 1\n", first, (unsigned long)file);
    hog_chapter();
    sys_munmap((uint64_t)file, 4 * PAGE);
    sys_close((int)fd);
}

__attribute__((noipa)) static void go_down(int depth) {
    volatile char room[2 * 4096];
    room[0] = (char)depth;
    if (depth % kStep == 0) hog_step();
    if (depth > 0) go_down(depth - 1);
    __asm__ volatile("" ::"r"(room[0])); /* no tail call */
}

static void give_all_back(void) {
    sys_munmap(large, kLargePages * PAGE);
    hog_step();
    sys_brk((uint64_t)heap_begin);
    claim("all of that was given back", (uint64_t)heap_begin, 1, 0);
}

int main(int argc, char** argv) {
    long rounds = argc > 1 ? argv[1][0] - '0' : 1 << 30;
    for (long round = 0; round < rounds; round++) {
        grow_heap();
        map_large();
        cut_large();
        map_file(argv[0]);
        go_down(kDeep);
        print("hog: the stack has grown; claims nothing\n");
        hog_chapter();
        give_all_back();
    }
    return 0;
}
