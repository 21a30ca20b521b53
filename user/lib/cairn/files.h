/* Calls about files, raw as those of cairn/syscall.h. Usable from C and from C++. */
#ifndef CAIRN_FILES_H
#define CAIRN_FILES_H

#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <linux/uio.h>

#include "cairn/syscall.h"

static inline long sys_openat(int folder, const char* path, int flags) {
    return system_call(__NR_openat, folder, (long)path, flags, 0, 0, 0);
}

/* With O_CREAT in `flags`: a new file gets `mode`. */
static inline long create_path(const char* path, int flags, unsigned mode) {
    return system_call(__NR_openat, AT_FDCWD, (long)path, flags, mode, 0, 0);
}

static inline long open_path(const char* path, int flags) {
    return sys_openat(AT_FDCWD, path, flags);
}

static inline long sys_close(int fd) { return system_call(__NR_close, fd, 0, 0, 0, 0, 0); }

static inline long sys_read(int fd, void* bytes, size_t size) {
    return system_call(__NR_read, fd, (long)bytes, (long)size, 0, 0, 0);
}

static inline long sys_pread(int fd, void* bytes, size_t size, uint64_t offset) {
    return system_call(__NR_pread64, fd, (long)bytes, (long)size, (long)offset, 0, 0);
}

static inline long sys_writev(int fd, const struct iovec* pieces, int count) {
    return system_call(__NR_writev, fd, (long)pieces, count, 0, 0, 0);
}

static inline long sys_readv(int fd, const struct iovec* pieces, int count) {
    return system_call(__NR_readv, fd, (long)pieces, count, 0, 0, 0);
}

static inline long sys_lseek(int fd, int64_t offset, int whence) {
    return system_call(__NR_lseek, fd, (long)offset, whence, 0, 0, 0);
}

static inline long sys_fstat(int fd, struct stat* result) {
    return system_call(__NR_fstat, fd, (long)result, 0, 0, 0, 0);
}

static inline long sys_newfstatat(int folder, const char* path, struct stat* result, int flags) {
    return system_call(__NR_newfstatat, folder, (long)path, (long)result, flags, 0, 0);
}

static inline long sys_faccessat(int folder, const char* path, int mode) {
    return system_call(__NR_faccessat, folder, (long)path, mode, 0, 0, 0);
}

static inline long sys_readlinkat(int folder, const char* path, char* result, size_t size) {
    return system_call(__NR_readlinkat, folder, (long)path, (long)result, (long)size, 0, 0);
}

static inline long sys_getdents64(int fd, void* entries, size_t size) {
    return system_call(__NR_getdents64, fd, (long)entries, (long)size, 0, 0, 0);
}

static inline long sys_chdir(const char* path) {
    return system_call(__NR_chdir, (long)path, 0, 0, 0, 0, 0);
}

static inline long sys_getcwd(char* result, size_t size) {
    return system_call(__NR_getcwd, (long)result, (long)size, 0, 0, 0, 0);
}

/* The size of an open file. */
static inline long size_of_file(int fd) {
    struct stat status;
    long result = sys_fstat(fd, &status);
    return result < 0 ? result : (long)status.st_size;
}

#endif
