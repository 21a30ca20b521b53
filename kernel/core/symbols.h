// The kernel's own symbol table: names of functions for backtraces. Made by the second link
// (core/make_symbols.py). Context of all: any.
#pragma once
#include <cstdint>

namespace core {

struct Symbol {
    const char* name;  // null if the address lies in no function of the kernel
    uint64_t offset;   // from the function's first instruction
};

Symbol find_symbol(uint64_t address);

}  // namespace core
