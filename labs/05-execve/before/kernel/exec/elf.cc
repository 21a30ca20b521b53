// Each check has one of two reasons: without it the loader would copy from outside of the file,
// or the program could only fail later, when nobody is left to be told.
#include "exec/elf.h"

#include "lib/checked.h"

namespace exec {
namespace {

using lib::Bytes;
using lib::Text;

// All that is wrong with a program is one error for the caller of execve.
constexpr Errno kNotAProgram{ENOEXEC};

bool is_elf64_of_this_byte_order(const Elf64_Ehdr& header) {
    constexpr unsigned char kIdent[] = {ELFMAG0,    ELFMAG1,     ELFMAG2,   ELFMAG3,
                                        ELFCLASS64, ELFDATA2LSB, EV_CURRENT};
    for (std::size_t index = 0; index < sizeof(kIdent); index++) {
        if (header.e_ident[index] != kIdent[index]) return false;
    }
    return true;
}

bool has_program_type(const Elf64_Ehdr& header, Elf64_Half machine) {
    return header.e_machine == machine && header.e_version == EV_CURRENT &&
           (header.e_type == ET_EXEC || header.e_type == ET_DYN);
}

// Whether `size` items from `offset` all lie before `end`.
bool fits(std::uint64_t offset, std::uint64_t size, std::uint64_t end) {
    return offset <= end && size <= end - offset;
}

}  // namespace

Result<ElfImage> ElfImage::check(Bytes head, std::uint64_t file_size, Elf64_Half machine) {
    const auto header = lib::object_at<Elf64_Ehdr>(head, 0);
    if (!header || !is_elf64_of_this_byte_order(*header) || !has_program_type(*header, machine)) {
        return kNotAProgram;
    }
    if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0 ||
        !fits(header->e_phoff, header->e_phnum * sizeof(Elf64_Phdr), head.size())) {
        return kNotAProgram;
    }
    ElfImage image(head, file_size, *header);
    TRY(image.check_segments());
    return image;
}

Result<void> ElfImage::check_segments() {
    bool entry_is_inside = false;
    for (std::size_t index = 0; index < program_header_count(); index++) {
        const Elf64_Phdr segment = program_header(index);
        if (segment.p_type == PT_INTERP) {
            return kNotAProgram;  // it wants a dynamic linker
        }
        if (segment.p_type == PT_LOAD) {
            TRY(check_segment(segment));
            // Unsigned: an entry below the segment gives a huge difference.
            entry_is_inside |= entry() - segment.p_vaddr < segment.p_memsz;
        }
    }
    if (!entry_is_inside) return kNotAProgram;
    return {};
}

Result<void> ElfImage::check_segment(const Elf64_Phdr& segment) {
    if (segment.p_filesz > segment.p_memsz ||
        !fits(segment.p_offset, segment.p_filesz, file_size_) ||
        !fits(segment.p_vaddr, segment.p_memsz, UINT64_MAX)) {
        return kNotAProgram;
    }
    // 0 and 1 mean: no alignment. Else address and offset agree, so that files can be mapped.
    if (segment.p_align > 1 &&
        (!lib::is_power_of_two(segment.p_align) ||
         !lib::is_aligned(segment.p_vaddr - segment.p_offset, segment.p_align))) {
        return kNotAProgram;
    }
    if (segment.p_memsz == 0) return {};
    const bool is_first = end_ == 0;
    if (!is_first && segment.p_vaddr < end_) return kNotAProgram;
    if (is_first) {
        begin_ = segment.p_vaddr;
    }
    end_ = segment.p_vaddr + segment.p_memsz;

    const std::uint64_t headers_size = header_.e_phnum * sizeof(Elf64_Phdr);
    if (header_.e_phoff >= segment.p_offset &&
        fits(header_.e_phoff - segment.p_offset, headers_size, segment.p_filesz)) {
        program_headers_address_ = segment.p_vaddr + (header_.e_phoff - segment.p_offset);
    }
    return {};
}

Elf64_Phdr ElfImage::program_header(std::size_t index) const {
    ASSERT(index < program_header_count());
    return MUST(lib::object_at<Elf64_Phdr>(head_, header_.e_phoff + index * sizeof(Elf64_Phdr)));
}

Bytes ElfImage::contents(const Elf64_Phdr& segment) const {
    return MUST(lib::slice(head_, segment.p_offset, segment.p_filesz));
}

namespace {

// Section header number `index`, with bounds on all that the file says about where it lies.
Result<Elf64_Shdr> section_header(Bytes file, const Elf64_Ehdr& header, std::uint64_t index) {
    if (header.e_shentsize != sizeof(Elf64_Shdr) || index >= header.e_shnum) {
        return Errno{EINVAL};
    }
    const auto offset = TRY(lib::checked_add(header.e_shoff, index * sizeof(Elf64_Shdr)));
    return lib::object_at<Elf64_Shdr>(file, offset);
}

struct SymbolTable {
    Bytes symbols;
    Bytes names;
};

Result<SymbolTable> find_symbol_table(Bytes file) {
    const auto header = TRY(lib::object_at<Elf64_Ehdr>(file, 0));
    if (!is_elf64_of_this_byte_order(header)) return Errno{EINVAL};
    for (std::uint64_t index = 0; index < header.e_shnum; index++) {
        const auto section = TRY(section_header(file, header, index));
        if (section.sh_type == SHT_SYMTAB) {
            const auto names = TRY(section_header(file, header, section.sh_link));
            return SymbolTable{TRY(lib::slice(file, section.sh_offset, section.sh_size)),
                               TRY(lib::slice(file, names.sh_offset, names.sh_size))};
        }
    }
    return Errno{ENOENT};
}

// Functions, and the labels of assembly, which have neither type nor size. Not the local marks
// that assemblers leave ($x, .L7).
bool is_function(const Elf64_Sym& symbol, Text name) {
    const unsigned type = ELF64_ST_TYPE(symbol.st_info);
    return (type == STT_FUNC || type == STT_NOTYPE) && symbol.st_shndx != SHN_UNDEF &&
           symbol.st_shndx < SHN_LORESERVE && !name.empty() && !name.starts_with("$") &&
           !name.starts_with(".L");
}

bool holds(const Elf64_Sym& symbol, Elf64_Addr address) {
    return symbol.st_value <= address &&
           (symbol.st_size == 0 || address - symbol.st_value < symbol.st_size);
}

}  // namespace

Result<ElfSymbol> find_elf_symbol(Bytes file, Elf64_Addr address) {
    const SymbolTable table = TRY(find_symbol_table(file));
    ElfSymbol best;
    for (std::uint64_t offset = 0; table.symbols.size() - offset >= sizeof(Elf64_Sym);
         offset += sizeof(Elf64_Sym)) {
        const auto symbol = TRY(lib::object_at<Elf64_Sym>(table.symbols, offset));
        if (!holds(symbol, address)) continue;
        lib::ByteReader names(table.names);
        TRY(names.bytes(symbol.st_name));
        const Text name = TRY(names.terminated_text());
        const std::uint64_t distance = address - symbol.st_value;
        if (is_function(symbol, name) && (best.name.empty() || distance < best.offset)) {
            best = {name, distance};
        }
    }
    if (best.name.empty()) return Errno{ENOENT};
    return best;
}

}  // namespace exec
