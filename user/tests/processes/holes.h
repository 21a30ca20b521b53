// Files that shrink or get holes while they are mapped.
#pragma once
#include "cairn/children.h"
#include "cairn/folders.h"

namespace cairn {

inline constexpr int kPunch = 2 | 1;  // FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE

inline long sys_fallocate(int fd, int mode, int64_t offset, int64_t size) {
    return system_call(__NR_fallocate, fd, mode, offset, size, 0, 0);
}

inline long sys_truncate(const char* path, int64_t size) {
    return system_call(__NR_truncate, (long)path, size, 0, 0, 0, 0);
}

inline uint64_t map_file(int fd, uint64_t pages, int kind) {
    return static_cast<uint64_t>(sys_mmap(0, pages * PAGE, READ_WRITE, kind, fd, 0));
}

// How a child ends that reads the word at this address: exited(byte), or killed_by a signal.
inline long touched_by_child(uint64_t address) {
    return wait_for(start_child([=] { return *at(address) & 0x7f; }));
}

}  // namespace cairn

using cairn::kPunch;
using cairn::map_file;
using cairn::sys_fallocate;
using cairn::sys_truncate;
using cairn::touched_by_child;
