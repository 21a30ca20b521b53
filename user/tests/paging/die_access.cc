// signal(7), SIGSEGV and SIGBUS; the reasons are those of sigaction(2): SEGV_MAPERR, SEGV_ACCERR,
// BUS_ADRERR. Argument 1 says which mistake; the address and the way of the access are proven first.
#include "cairn/check.h"
#include "cairn/cpu.h"
#include "cairn/files.h"
#include "cairn/memory.h"

enum Mistake {
    kUnmapped,
    kReadNone,
    kWriteReadOnly,
    kExecuteData,
    kUnmappedAfter,
    kProtectedAfter,
    kMoved,
    kReplaced,
    kBehindFile,
    kTextWritten,
    kExecuteStack,
    kWriteShared,
    kHoleBelowReadOnly,
    kHoleBelowNone,
    kHoleBelowData
};

static uint64_t place_of(uint64_t mistake) {
    uint64_t memory = map_memory(4 * PAGE) + PAGE;
    int fd = static_cast<int>(open_path(cairn::argument(0), O_RDONLY));
    uint64_t drawn = secret(1000) % (PAGE / 8) * 8;
    *at(memory + drawn) = secret(0);  // so the translation is known to the CPU
    switch (mistake) {
        case kUnmapped:  // never touched, and just below a mapping
            sys_munmap(memory - PAGE, PAGE);
            memory -= PAGE;
            break;
        case kHoleBelowReadOnly:  // the mapping above says what may be done to it, and not to the hole
        case kHoleBelowNone:
        case kHoleBelowData:
            if (mistake == kHoleBelowReadOnly) sys_mprotect(memory, 3 * PAGE, PROT_READ);
            if (mistake == kHoleBelowNone) sys_mprotect(memory, 3 * PAGE, PROT_NONE);
            sys_munmap(memory - PAGE, PAGE);
            memory -= PAGE;
            break;
        case kReadNone: memory = sys_mmap(0, PAGE, PROT_NONE, PRIVATE_ANONYMOUS, -1, 0); break;
        case kWriteReadOnly: memory = sys_mmap(0, PAGE, PROT_READ, PRIVATE_ANONYMOUS, -1, 0); break;
        case kUnmappedAfter: sys_munmap(memory, PAGE); break;
        case kProtectedAfter: sys_mprotect(memory, PAGE, PROT_READ); break;
        case kMoved: sys_mremap(memory, PAGE, 8 * PAGE, MREMAP_MAYMOVE, 0); break;
        case kReplaced:
            sys_mmap(memory, PAGE, PROT_NONE, PRIVATE_ANONYMOUS | MAP_FIXED, -1, 0);
            break;
        case kBehindFile:
            memory = sys_mmap(0, 1 << 20, PROT_READ, MAP_PRIVATE, fd, 0) + (1 << 20) - PAGE;
            break;
        case kTextWritten:
            return reinterpret_cast<uintptr_t>(cairn::cpu_die_load_pc) & ~uint64_t{7};
        case kExecuteStack: return (reinterpret_cast<uintptr_t>(&memory) & ~uint64_t{7});
        case kWriteShared: memory = sys_mmap(0, PAGE, PROT_READ, MAP_SHARED, fd, 0); break;
        default: break;
    }
    return memory + drawn;
}

TEST("An access that a mapping does not allow ends the program.") {
    uint64_t mistake = argument_number(1, 0), way = argument_number(2, 0);
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    uint64_t address = patterns[cairn::kAddressRegister] = place_of(mistake);
    VALUE(address);
    cairn::finish();
    if (way == 0) cairn::cpu_die_load(patterns);
    if (way == 1) cairn::cpu_die_store(patterns);
    cairn::cpu_die_execute(patterns);
}
