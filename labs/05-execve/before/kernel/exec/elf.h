// Checks whether a file is a program that can be loaded, and finds the names of its functions.
//
// Everything in the file is taken for a lie until checked: a malformed program is ENOEXEC, and
// nothing outside of the file is ever read. Whether the addresses are allowed, the loader decides.
// Format: System V ABI, chapters 4 and 5; elf(5).
#pragma once

#include <elf.h>

#include "lib/byte_reader.h"
#include "lib/result.h"
#include "lib/text.h"

namespace exec {

// A program that has passed the checks. It borrows the file, or as much of it as was handed in.
class ElfImage {
public:
    // `machine`: EM_RISCV, EM_X86_64. Accepts static programs only, at fixed addresses (ET_EXEC)
    // or at any (ET_DYN). Their PT_LOAD segments lie in ascending order and do not overlap.
    static Result<ElfImage> check(lib::Bytes file, Elf64_Half machine) {
        return check(file, file.size(), machine);
    }
    // The same for a file of `file_size` bytes that begins with `head`: its program headers must lie
    // there, and contents() is not to be asked.
    static Result<ElfImage> check(lib::Bytes head, std::uint64_t file_size, Elf64_Half machine);

    bool is_position_independent() const { return header_.e_type == ET_DYN; }
    Elf64_Addr entry() const { return header_.e_entry; }

    // From the first byte of the first segment to behind the last byte of the last.
    Elf64_Addr begin() const { return begin_; }
    Elf64_Addr end() const { return end_; }

    // Where the program finds its own program headers (AT_PHDR); 0 if no segment holds them.
    Elf64_Addr program_headers_address() const { return program_headers_address_; }
    std::size_t program_header_count() const { return header_.e_phnum; }
    Elf64_Phdr program_header(std::size_t index) const;

    // The bytes of the file with which a segment begins; the rest of it is zeros.
    lib::Bytes contents(const Elf64_Phdr& segment) const;

private:
    ElfImage(lib::Bytes head, std::uint64_t file_size, const Elf64_Ehdr& header)
        : head_(head), file_size_(file_size), header_(header) {}

    Result<void> check_segments();
    Result<void> check_segment(const Elf64_Phdr& segment);

    lib::Bytes head_;
    std::uint64_t file_size_;
    Elf64_Ehdr header_;
    Elf64_Addr begin_ = 0;
    Elf64_Addr end_ = 0;
    Elf64_Addr program_headers_address_ = 0;
};

// A function's name, and how far behind its beginning the address lies.
struct ElfSymbol {
    lib::Text name;
    std::uint64_t offset = 0;
};

// The function that holds `address` (as linked, without a load offset); ENOENT if the program
// says nothing about it, or was stripped. Any file may be handed in, checked or not.
Result<ElfSymbol> find_elf_symbol(lib::Bytes file, Elf64_Addr address);

}  // namespace exec
