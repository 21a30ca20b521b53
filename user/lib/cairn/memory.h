/* The calls of the mmap family, raw as those of cairn/syscall.h: an address, 0 or a count, or a
 * negative error number. Addresses are numbers here, for most tests calculate with them.
 * Usable from C and from C++. */
#ifndef CAIRN_MEMORY_H
#define CAIRN_MEMORY_H

#include <linux/mman.h>
#include <linux/resource.h>
#include <linux/sysinfo.h>

#include "cairn/syscall.h"

#define PAGE ((uint64_t)4096)
#define READ_WRITE (PROT_READ | PROT_WRITE)
#define PRIVATE_ANONYMOUS (MAP_PRIVATE | MAP_ANONYMOUS)
#define SHARED_ANONYMOUS (MAP_SHARED | MAP_ANONYMOUS)

static inline long sys_mmap(uint64_t address, uint64_t size, int protection, int flags, int fd,
                            uint64_t offset) {
    return system_call(__NR_mmap, (long)address, (long)size, protection, flags, fd, (long)offset);
}

static inline long sys_munmap(uint64_t address, uint64_t size) {
    return system_call(__NR_munmap, (long)address, (long)size, 0, 0, 0, 0);
}

static inline long sys_mprotect(uint64_t address, uint64_t size, int protection) {
    return system_call(__NR_mprotect, (long)address, (long)size, protection, 0, 0, 0);
}

static inline long sys_mremap(uint64_t address, uint64_t old_size, uint64_t new_size, int flags,
                              uint64_t new_address) {
    return system_call(__NR_mremap, (long)address, (long)old_size, (long)new_size, flags,
                       (long)new_address, 0);
}

static inline long sys_madvise(uint64_t address, uint64_t size, int advice) {
    return system_call(__NR_madvise, (long)address, (long)size, advice, 0, 0, 0);
}

static inline long sys_msync(uint64_t address, uint64_t size, int flags) {
    return system_call(__NR_msync, (long)address, (long)size, flags, 0, 0, 0);
}

static inline long sys_mincore(uint64_t address, uint64_t size, void* states) {
    return system_call(__NR_mincore, (long)address, (long)size, (long)states, 0, 0, 0);
}

/* Returns the end of the data segment, whether it could be moved or not. */
static inline uint64_t sys_brk(uint64_t end) {
    return (uint64_t)system_call(__NR_brk, (long)end, 0, 0, 0, 0, 0);
}

static inline long sys_sysinfo(struct sysinfo* info) {
    return system_call(__NR_sysinfo, (long)info, 0, 0, 0, 0, 0);
}

static inline long sys_prlimit(int resource, const struct rlimit64* limit, struct rlimit64* old) {
    return system_call(__NR_prlimit64, 0, resource, (long)limit, (long)old, 0, 0);
}

/* Fresh memory of its own, at an address of the kernel's choice. */
static inline long map_memory(uint64_t size) {
    return sys_mmap(0, size, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
}

/* One word of memory; the access stands just where it is written. */
static inline volatile uint64_t* at(uint64_t address) { return (volatile uint64_t*)address; }

/* Whether a page belongs to a mapping, whatever its protection. */
static inline int is_mapped(uint64_t page) {
    unsigned char state;
    return sys_mincore(page, PAGE, &state) == 0;
}

/* Whether the kernel reads 16 bytes for this program. (prlimit64 fetches the new limit before it finds
 * that there is no such resource.) */
static inline int can_read(uint64_t address) {
    return system_call(__NR_prlimit64, 0, 12345, (long)address, 0, 0, 0) != -EFAULT;
}

/* Whether the kernel writes to a page for this program; overwrites its last 16 bytes. */
static inline int can_write(uint64_t page) {
    struct __kernel_timespec* last = (struct __kernel_timespec*)(page + PAGE) - 1;
    return sys_clock_getres(1 /* CLOCK_MONOTONIC */, last) == 0;
}

/* Sets the soft limit of a resource, and leaves the hard one. */
static inline long limit_to(int resource, uint64_t soft) {
    struct rlimit64 limit = {0, 0};
    long result = sys_prlimit(resource, NULL, &limit);
    if (result < 0) return result;
    limit.rlim_cur = soft;
    return sys_prlimit(resource, &limit, NULL);
}

/* Free memory in bytes. */
static inline uint64_t free_memory(void) {
    struct sysinfo info;
    if (sys_sysinfo(&info) < 0) return 0;
    return info.freeram * info.mem_unit;
}

#endif
