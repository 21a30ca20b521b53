// Builds small ELF files for tests and fuzzers.
#pragma once

#include <elf.h>

#include "lib/sample.h"

namespace exec {

// A program of two segments with a symbol table. Change the members, then take bytes().
struct SampleElf {
    static constexpr Elf64_Addr kText = 0x10000;
    static constexpr Elf64_Addr kData = 0x12000;

    Elf64_Ehdr header{};
    Elf64_Phdr segments[3]{};  // text, data, and one that is not loaded
    Elf64_Shdr sections[3]{};  // none, symbols, names
    Elf64_Sym symbols[6]{};
    char names[40] = "\0main\0helper\0_start\0$x\0.L1";

    SampleElf() {
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_ident[EI_VERSION] = EV_CURRENT;
        header.e_type = ET_EXEC;
        header.e_machine = EM_RISCV;
        header.e_version = EV_CURRENT;
        header.e_entry = kText + 0x100;
        header.e_phoff = sizeof(Elf64_Ehdr);
        header.e_ehsize = sizeof(Elf64_Ehdr);
        header.e_phentsize = sizeof(Elf64_Phdr);
        header.e_phnum = 3;
        header.e_shoff = sizeof(header) + sizeof(segments);
        header.e_shentsize = sizeof(Elf64_Shdr);
        header.e_shnum = 3;

        // The file is shorter than a page: the text segment holds all of it.
        segments[0] = {PT_LOAD, PF_R | PF_X, 0, kText, kText, file_size(), 0x1000, 0x1000};
        segments[1] = {PT_LOAD, PF_R | PF_W, 0x40, kData + 0x40, kData + 0x40, 8, 0x500, 0x1000};
        segments[2] = {PT_GNU_STACK, PF_R | PF_W, 0, 0, 0, 0, 0, 16};

        const std::size_t symbols_offset = header.e_shoff + sizeof(sections);
        sections[1].sh_type = SHT_SYMTAB;
        sections[1].sh_offset = symbols_offset;
        sections[1].sh_size = sizeof(symbols);
        sections[1].sh_link = 2;
        sections[1].sh_entsize = sizeof(Elf64_Sym);
        sections[2].sh_type = SHT_STRTAB;
        sections[2].sh_offset = symbols_offset + sizeof(symbols);
        sections[2].sh_size = sizeof(names);

        symbols[1] = symbol(1, STT_FUNC, kText + 0x200, 0x40);  // main
        symbols[2] = symbol(6, STT_FUNC, kText + 0x240, 0x10);  // helper
        symbols[3] = symbol(13, STT_NOTYPE, kText + 0x100, 0);  // _start, from assembly
        symbols[4] = symbol(20, STT_NOTYPE, kText + 0x204, 0);  // $x
        symbols[5] = symbol(23, STT_NOTYPE, kText + 0x208, 0);  // .L1
    }

    static constexpr std::size_t file_size() {
        return sizeof(header) + sizeof(segments) + sizeof(sections) + sizeof(symbols) +
               sizeof(names);
    }

    static Elf64_Sym symbol(Elf64_Word name, unsigned type, Elf64_Addr value, Elf64_Xword size) {
        return {name, static_cast<unsigned char>(ELF64_ST_INFO(STB_GLOBAL, type)), 0, 1, value,
                size};
    }

    lib::Blob bytes() const {
        lib::Blob blob;
        lib::append_object(blob, header);
        lib::append_object(blob, segments);
        lib::append_object(blob, sections);
        lib::append_object(blob, symbols);
        lib::append_object(blob, names);
        return blob;
    }
};

}  // namespace exec
