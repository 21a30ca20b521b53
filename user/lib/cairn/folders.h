/* Calls that change names and what stat(2) shows, raw; and a folder of a test's own, below /tmp.
 * Usable from C and from C++. */
#ifndef CAIRN_FOLDERS_H
#define CAIRN_FOLDERS_H

#include <linux/fs.h>

#include "cairn/files.h"
#include "cairn/print.h"

static inline long sys_mkdir(const char* path, unsigned mode) {
    return system_call(__NR_mkdirat, AT_FDCWD, (long)path, mode, 0, 0, 0);
}

static inline long sys_mknod(const char* path, unsigned mode, unsigned device) {
    return system_call(__NR_mknodat, AT_FDCWD, (long)path, mode, device, 0, 0);
}

static inline long sys_unlink(const char* path) {
    return system_call(__NR_unlinkat, AT_FDCWD, (long)path, 0, 0, 0, 0);
}

static inline long sys_rmdir(const char* path) {
    return system_call(__NR_unlinkat, AT_FDCWD, (long)path, AT_REMOVEDIR, 0, 0, 0);
}

static inline long sys_link(const char* from, const char* to) {
    return system_call(__NR_linkat, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0, 0);
}

static inline long sys_symlink(const char* target, const char* path) {
    return system_call(__NR_symlinkat, (long)target, AT_FDCWD, (long)path, 0, 0, 0);
}

static inline long sys_rename(const char* from, const char* to, unsigned flags) {
    return system_call(__NR_renameat2, AT_FDCWD, (long)from, AT_FDCWD, (long)to, flags, 0);
}

static inline long sys_ftruncate(int fd, int64_t size) {
    return system_call(__NR_ftruncate, fd, (long)size, 0, 0, 0, 0);
}

static inline long sys_pwrite(int fd, const void* bytes, size_t size, uint64_t offset) {
    return system_call(__NR_pwrite64, fd, (long)bytes, (long)size, (long)offset, 0, 0);
}

static inline long sys_chmod(const char* path, unsigned mode) {
    return system_call(__NR_fchmodat, AT_FDCWD, (long)path, mode, 0, 0, 0);
}

static inline long sys_chown(const char* path, int uid, int gid) {
    return system_call(__NR_fchownat, AT_FDCWD, (long)path, uid, gid, 0, 0);
}

static inline long sys_umask(unsigned mask) { return system_call(__NR_umask, mask, 0, 0, 0, 0, 0); }

/* What stands there; a link is not followed. st_nlink is 0 if nothing does. */
static inline struct stat status_of(const char* path) {
    struct stat status;
    if (sys_newfstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) < 0) {
        status.st_nlink = 0;
        status.st_mode = 0;
    }
    return status;
}

/* Makes an empty file; 0 or an error. */
static inline long make_file(const char* path, unsigned mode) {
    long fd = create_path(path, O_CREAT | O_EXCL | O_WRONLY, mode);
    return fd < 0 ? fd : sys_close((int)fd);
}

/* A new folder below /tmp, where anybody may do anything: enter_folder makes it and goes there,
 * leave_folder removes it if all that was in it is gone. 0 or an error. */
static inline const char* own_folder(void) {
    static char path[32];
    format_text(path, sizeof path, "/tmp/test.%ld", sys_getpid());
    return path;
}

static inline long enter_folder(void) {
    sys_mkdir("/tmp", 0777); /* which an initial file system may lack */
    sys_chmod("/tmp", 01777);
    sys_umask(022);
    long result = sys_mkdir(own_folder(), 0777);
    if (result == 0) result = sys_chmod(own_folder(), 0777);
    return result == 0 ? sys_chdir(own_folder()) : result;
}

static inline long leave_folder(void) {
    long result = sys_chdir("/");
    return result == 0 ? sys_rmdir(own_folder()) : result;
}

#endif
