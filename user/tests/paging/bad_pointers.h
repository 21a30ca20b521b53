// The bad pointers of the rows bad_pointers_*: one of each kind, with the size of what is wanted there.
#pragma once

#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/memory.h"

namespace bad {

enum Kind {
    kNull,
    kFirstPage,
    kKernel,
    kDirectMap,
    kUnmapped,
    kReadOnly,
    kNoAccess,
    kWraps,
    kCrosses,
    kCrossesUnaligned,
    kNonCanonical,
    kLast,
    kKinds
};
inline const char* const kNames[kKinds] = {
    "null",      "first page", "kernel",   "direct map",          "unmapped",      "read-only",
    "no access", "wrapping",   "crossing", "crossing, unaligned", "non-canonical", "last byte"};

// Prepared once; all zero but for what is written there.
struct Places {
    uint64_t end;  // behind two mapped pages
    uint64_t read_only;
    uint64_t no_access;
};

inline Places prepare() {
    uint64_t memory = map_memory(8 * PAGE);
    sys_munmap(memory + 2 * PAGE, PAGE);
    *at(memory + 2 * PAGE - 8) = ~uint64_t{0};  // no string ends there
    sys_mprotect(memory + 3 * PAGE, 2 * PAGE, PROT_READ);
    sys_mprotect(memory + 5 * PAGE, 2 * PAGE, PROT_NONE);
    return {memory + 2 * PAGE, memory + 3 * PAGE, memory + 5 * PAGE};
}

// A pointer of this kind to an object of `size` bytes.
inline uint64_t pointer(const Places& places, int kind, uint64_t size) {
    switch (kind) {
        case kNull: return 0;
        case kFirstPage: return 8 + secret(0) % 400 * 8;
        case kKernel: return 0xFFFFFFFF'80200000 + secret(1) % 0x2000 * 8;
        case kDirectMap: return cairn::kKernelsView + secret(2) % 0x10000 * 8;
        case kUnmapped: return places.end + 8;
        case kReadOnly: return places.read_only + 64;
        case kNoAccess: return places.no_access + 64;
        case kWraps: return ~uint64_t{0} - size / 2;
        case kCrosses: return places.end - (size > 8 ? 8 : size / 2);
        case kCrossesUnaligned: return places.end - (size > 3 ? 3 : 1);
        case kNonCanonical: return uint64_t{1} << 62 | 0x1000;
        default: return ~uint64_t{0};
    }
}

// How many kinds of pointers `call` answers with something else than `wanted`; says which.
// Read-only places are good enough for a call that only reads.
template <typename Call>
uint64_t wrong_answers(const char* name, uint64_t size, bool is_written, long wanted, Call call) {
    const Places places = prepare();
    uint64_t wrong = 0;
    for (int kind = 0; kind < kKinds; kind++) {
        if (kind == kReadOnly && !is_written) continue;
        // The kernel consists of code, constants and data: two megabytes are tried, step by step.
        for (uint64_t step = 0; step < (kind == kKernel ? 32 : 1); step++) {
            long got = call(pointer(places, kind, size) + step * 16 * PAGE);
            if (got == wanted) continue;
            note("%s with a bad pointer (%s): %ld in place of %ld", name, kNames[kind], got,
                 wanted);
            wrong++;
        }
    }
    sys_munmap(places.end - 2 * PAGE, 8 * PAGE);
    return wrong;
}

}  // namespace bad
