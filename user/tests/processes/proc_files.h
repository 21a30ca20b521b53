// Reading what /proc says of processes.
#pragma once
#include "cairn/children.h"
#include "cairn/files.h"
#include "cairn/print.h"

namespace proc {

inline constexpr size_t kMostText = 16384;
inline constexpr unsigned kDirectory = 040000, kLink = 0120000;  // S_IFDIR, S_IFLNK
inline char text[kMostText];                                     // what was read last

// A path below /proc/PID.
struct Path {
    char bytes[64];
    Path(long pid, const char* name) {
        format_text(bytes, sizeof bytes, "/proc/%ld/%s", pid, name);
    }
};

inline long read_open(int fd) {
    size_t size = 0;
    for (long got = 1; got > 0 && size < kMostText - 1; size += static_cast<size_t>(got)) {
        got = sys_read(fd, text + size, kMostText - 1 - size);
        if (got < 0) return got;
    }
    text[size] = '\0';
    return static_cast<long>(size);
}

// Reads a file into `text`; its size, or the error of open or read.
inline long read_path(const char* path) {
    int fd = static_cast<int>(open_path(path, O_RDONLY));
    text[0] = '\0';
    if (fd < 0) return fd;
    long size = read_open(fd);
    sys_close(fd);
    return size;
}

inline long read_file(long pid, const char* name) { return read_path(Path(pid, name).bytes); }

inline bool begins(const char* at, const char* wanted) {
    while (*wanted != '\0' && *at == *wanted) at++, wanted++;
    return *wanted == '\0';
}

inline bool same(const char* a, const char* b) { return begins(a, b) && begins(b, a); }

inline bool ends(const char* at, const char* wanted) {
    while (*at != '\0' && !same(at, wanted)) at++;
    return same(at, wanted);
}

// What stands behind `name` at the beginning of a line of `text`; empty: there is none.
inline const char* line(const char* name) {
    for (const char* at = text; *at != '\0'; at++) {
        if ((at == text || at[-1] == '\n') && begins(at, name)) {
            for (; *name != '\0'; name++) at++;
            return at;
        }
    }
    return "";
}

// The number at this place, blanks skipped; -1: there is none.
inline long number(const char*& at) {
    while (*at == ' ' || *at == '\t') at++;
    bool is_negative = *at == '-';
    if (is_negative) at++;
    if (*at < '0' || *at > '9') return -1;
    long value = 0;
    for (; *at >= '0' && *at <= '9'; at++) value = value * 10 + *at - '0';
    return is_negative ? -value : value;
}

inline long number_of(const char* name) {
    const char* at = line(name);
    return number(at);
}

// The fields of /proc/PID/stat as the man page counts them, from 4 up; how many there are, or an error.
inline long fields[64];
inline char state;
inline long read_stat(long pid) {
    long size = read_file(pid, "stat");
    if (size < 0) return size;
    const char* at = text + size;
    while (*at != ')') at--;
    state = at[2];
    at += 3;
    long count = 3;
    while (*at == ' ' && count < 63) fields[++count] = number(at);
    return count;
}

// What a link says; its length, or an error.
inline long read_link(const char* path) {
    long size = sys_readlinkat(AT_FDCWD, path, text, kMostText - 1);
    text[size < 0 ? 0 : size] = '\0';
    return size;
}

// How often a directory that is open lists this name, from its beginning; what it lists in all, if none.
inline long count_entries(int fd, const char* name) {
    static char entries[2048];
    sys_lseek(fd, 0, 0);
    long count = 0, size;
    while ((size = sys_getdents64(fd, entries, sizeof entries)) > 0) {
        for (long at = 0; at < size; at += *reinterpret_cast<unsigned short*>(entries + at + 16)) {
            count += name == nullptr || same(entries + at + 19, name);
        }
    }
    return size < 0 ? size : count;
}

}  // namespace proc
