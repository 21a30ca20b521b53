// /proc/self/fail-nth (Linux: Documentation/fault-injection): a number n that is written there makes the
// n-th allocation fail which the kernel then makes for this thread; it reads as 0 once that has happened.
#pragma once

#include "cairn/check.h"
#include "cairn/files.h"
#include "cairn/memory.h"
#include "cairn/print.h"

namespace fail_nth {

inline int file = -1;

inline bool open_file() {
    file = static_cast<int>(open_path("/proc/self/fail-nth", O_RDWR));
    return file >= 0;
}

inline void fail(uint64_t n) {
    char text[8];
    sys_write(file, text, format_text(text, sizeof text, "%lu", n));
}

// Whether the allocation has failed by now. Forgets the wish if it has not.
inline bool has_failed() {
    char text[8] = {};
    sys_pread(file, text, sizeof text, 0);
    fail(0);
    return text[0] == '0';
}

// Makes a call again and again, with its first allocation failing, its second one, and so on until
// none fails. `make` returns what the call returned, `undo` takes a success back, `is_whole` says
// whether all is as it was before the call. Counts what is wrong; `least` is how many allocations the
// call must make.
template <typename Make, typename Undo, typename IsWhole>
uint64_t walk(const char* name, uint64_t least, Make make, Undo undo, IsWhole is_whole) {
    for (uint64_t n = 1; n < 100; n++) {
        fail(n);
        long result = make();
        bool failed = has_failed();
        if (result < 0 && result != -ENOMEM) {
            note("%s: %ld when allocation %lu fails", name, result, n);
            return 1;
        }
        if (result >= 0) undo(result);  // some calls can do without
        if (!is_whole()) {
            note("%s: something is left over when allocation %lu fails", name, n);
            return 1;
        }
        if (failed) continue;
        if (result < 0) note("%s: %ld though nothing fails", name, result);
        if (n <= least) note("%s: only %lu allocations", name, n - 1);
        return result < 0 || n <= least;
    }
    note("%s: allocations without end", name);
    return 1;
}

}  // namespace fail_nth
