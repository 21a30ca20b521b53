// How much memory a process has, and what for: proc_pid_statm(5) and proc_pid_status(5).
#pragma once
#include <cstdint>

#include "mm/address_space.h"

namespace proc {

// All in bytes.
struct MemoryFigures {
    uint64_t size = 0;
    uint64_t data = 0;   // private and writable, but for the stack
    uint64_t stack = 0;  // what grows down
    uint64_t code = 0;   // executable
    uint64_t resident = 0, resident_of_files = 0;
    uint64_t most_size = 0, most_resident = 0;  // that it ever was
    // Where the first mapping of its kind lies: of what is executable, of private data of a file, of brk's.
    uint64_t code_begin = 0, code_end = 0, data_begin = 0, data_end = 0, break_begin = 0;
};

// Context: may sleep; takes time for each page that is there.
MemoryFigures measure(mm::AddressSpace& memory);

}  // namespace proc
