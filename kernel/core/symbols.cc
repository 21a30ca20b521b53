// Looks addresses up in the table that core/make_symbols.py wrote. Contract: core/symbols.h.
#include "core/symbols.h"

#include <cstddef>

namespace core {

// The layout that make_symbols.py writes: entries by rising address, then their names.
struct SymbolEntry {
    uint32_t offset;       // of the function from kernel_begin
    uint32_t name_offset;  // of its name from symbol_names
};

extern "C" {
extern const char kernel_begin[];
extern const char text_end[];
extern const uint64_t symbol_count;
extern const SymbolEntry symbol_entries[];
extern const char symbol_names[];
}

Symbol find_symbol(uint64_t address) {
    const uint64_t begin = reinterpret_cast<uint64_t>(kernel_begin);
    if (address < begin || address >= reinterpret_cast<uint64_t>(text_end)) return {nullptr, 0};
    const uint64_t offset = address - begin;
    size_t low = 0;
    size_t high = symbol_count;  // the answer is the last entry that is not above the address
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (symbol_entries[middle].offset <= offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) return {nullptr, 0};
    const SymbolEntry& entry = symbol_entries[low - 1];
    return {symbol_names + entry.name_offset, offset - entry.offset};
}

}  // namespace core
