#include "exec/elf.h"

#include <gtest/gtest.h>

#include "exec/elf_sample.h"

namespace exec {
namespace {

constexpr auto kText = SampleElf::kText;
constexpr auto kData = SampleElf::kData;

template <typename Change>
Errno error_after(Change change) {
    SampleElf sample;
    change(sample);
    const lib::Blob file = sample.bytes();
    return ElfImage::check(file, EM_RISCV).error();
}

// Each line is one lie that a file may tell; all of them are "not a program".
#define EXPECT_NOT_A_PROGRAM(lie) \
    EXPECT_EQ(error_after([](SampleElf& elf) { lie; }), Errno{ENOEXEC}) << #lie
#define EXPECT_A_PROGRAM(change) \
    EXPECT_EQ(error_after([](SampleElf& elf) { change; }), Errno{}) << #change

TEST(Elf, ProgramTellsWhereItWantsToLie) {
    const lib::Blob file = SampleElf().bytes();
    const ElfImage image = MUST(ElfImage::check(file, EM_RISCV));
    EXPECT_FALSE(image.is_position_independent());
    EXPECT_EQ(image.entry(), kText + 0x100);
    EXPECT_EQ(image.begin(), kText);
    EXPECT_EQ(image.end(), kData + 0x540);
    EXPECT_EQ(image.program_headers_address(), kText + sizeof(Elf64_Ehdr));
    EXPECT_EQ(image.program_header_count(), 3U);
    EXPECT_EQ(image.program_header(1).p_vaddr, kData + 0x40);
    EXPECT_EQ(image.contents(image.program_header(1)).data(), file.data() + 0x40);
    EXPECT_EQ(image.contents(image.program_header(1)).size(), 8U);
}

TEST(Elf, BeginningOfAFileIsEnoughToCheckIt) {
    const lib::Blob file = SampleElf().bytes();
    const lib::Bytes head = lib::Bytes(file).first(sizeof(Elf64_Ehdr) + 3 * sizeof(Elf64_Phdr));
    EXPECT_EQ(MUST(ElfImage::check(head, file.size(), EM_RISCV)).end(), kData + 0x540);
    EXPECT_EQ(ElfImage::check(head, head.size(), EM_RISCV).error(), Errno{ENOEXEC});
    EXPECT_EQ(ElfImage::check(head.first(head.size() - 1), file.size(), EM_RISCV).error(),
              Errno{ENOEXEC});
}

TEST(Elf, StaticPieIsAProgramOfAnyAddress) {
    SampleElf sample;
    sample.header.e_type = ET_DYN;
    const lib::Blob file = sample.bytes();
    EXPECT_TRUE(MUST(ElfImage::check(file, EM_RISCV)).is_position_independent());
}

TEST(Elf, HeaderOfAnotherKindOfFileIsRefused) {
    EXPECT_A_PROGRAM(elf.header.e_flags = 5);
    EXPECT_NOT_A_PROGRAM(elf.header.e_ident[EI_MAG0] = '#');
    EXPECT_NOT_A_PROGRAM(elf.header.e_ident[EI_CLASS] = ELFCLASS32);
    EXPECT_NOT_A_PROGRAM(elf.header.e_ident[EI_DATA] = ELFDATA2MSB);
    EXPECT_NOT_A_PROGRAM(elf.header.e_ident[EI_VERSION] = 2);
    EXPECT_NOT_A_PROGRAM(elf.header.e_machine = EM_X86_64);
    EXPECT_NOT_A_PROGRAM(elf.header.e_type = ET_REL);
    EXPECT_NOT_A_PROGRAM(elf.header.e_version = 0);
}

TEST(Elf, ProgramHeadersOutsideOfTheFileAreRefused) {
    EXPECT_NOT_A_PROGRAM(elf.header.e_phentsize = 55);
    EXPECT_NOT_A_PROGRAM(elf.header.e_phnum = 0);
    EXPECT_NOT_A_PROGRAM(elf.header.e_phnum = 0xffff);
    EXPECT_NOT_A_PROGRAM(elf.header.e_phoff = SampleElf::file_size());
    EXPECT_NOT_A_PROGRAM(elf.header.e_phoff = UINT64_MAX - 64);
}

TEST(Elf, SegmentWhoseNumbersOverflowIsRefused) {
    EXPECT_NOT_A_PROGRAM(elf.segments[1].p_offset = UINT64_MAX - 3);
    EXPECT_NOT_A_PROGRAM(elf.segments[1].p_offset = SampleElf::file_size());
    EXPECT_NOT_A_PROGRAM(elf.segments[0].p_filesz++);
    EXPECT_NOT_A_PROGRAM(elf.segments[1].p_filesz = 0x501);
    EXPECT_NOT_A_PROGRAM(elf.segments[1].p_memsz = UINT64_MAX);
    EXPECT_NOT_A_PROGRAM(elf.segments[1].p_vaddr = UINT64_MAX - 0x4ff; elf.segments[1].p_align = 1);
    EXPECT_NOT_A_PROGRAM(elf.segments[1].p_memsz = 0);
}

TEST(Elf, SegmentOutOfOrderOrAlignmentIsRefused) {
    EXPECT_NOT_A_PROGRAM(elf.segments[1].p_vaddr = kText + 0x40);
    EXPECT_NOT_A_PROGRAM(std::swap(elf.segments[0], elf.segments[1]));
    EXPECT_NOT_A_PROGRAM(elf.segments[1].p_align = 0x1800);
    EXPECT_NOT_A_PROGRAM(elf.segments[1].p_vaddr += 8);
    EXPECT_A_PROGRAM(elf.segments[1].p_vaddr += 8; elf.segments[1].p_align = 8);
    EXPECT_A_PROGRAM(elf.segments[1].p_vaddr += 3; elf.segments[1].p_align = 0);
}

TEST(Elf, EntryOutsideOfAllSegmentsIsRefused) {
    EXPECT_NOT_A_PROGRAM(elf.header.e_entry = 0);
    EXPECT_NOT_A_PROGRAM(elf.header.e_entry = kText - 1);
    EXPECT_NOT_A_PROGRAM(elf.header.e_entry = kText + 0x1000);
    EXPECT_A_PROGRAM(elf.header.e_entry = kData + 0x53f);
    EXPECT_NOT_A_PROGRAM(elf.header.e_entry = kData + 0x540);
    EXPECT_NOT_A_PROGRAM(elf.segments[0].p_type = elf.segments[1].p_type = PT_NULL);
}

TEST(Elf, ProgramThatWantsADynamicLinkerIsRefused) {
    EXPECT_NOT_A_PROGRAM(elf.segments[2].p_type = PT_INTERP);
}

TEST(Elf, ProgramHeadersThatAreNotLoadedHaveNoAddress) {
    SampleElf sample;
    sample.segments[0].p_filesz = sizeof(Elf64_Ehdr) + 3 * sizeof(Elf64_Phdr) - 1;
    const lib::Blob file = sample.bytes();
    EXPECT_EQ(MUST(ElfImage::check(file, EM_RISCV)).program_headers_address(), 0U);
}

std::string symbol_at(const lib::Blob& file, Elf64_Addr address) {
    const auto symbol = find_elf_symbol(file, address);
    return symbol ? lib::as_string(symbol->name) + "+" + std::to_string(symbol->offset) : "?";
}

TEST(ElfSymbols, AddressIsNamedByTheFunctionThatHoldsIt) {
    const lib::Blob file = SampleElf().bytes();
    EXPECT_EQ(symbol_at(file, kText + 0x200), "main+0");
    EXPECT_EQ(symbol_at(file, kText + 0x23f), "main+63");
    EXPECT_EQ(symbol_at(file, kText + 0x240), "helper+0");
    EXPECT_EQ(symbol_at(file, kText + 0x104), "_start+4");
    EXPECT_EQ(symbol_at(file, kText + 0xff), "?");
}

TEST(ElfSymbols, StrippedOrBrokenTablesHaveNoNames) {
    SampleElf stripped;
    stripped.header.e_shnum = 0;
    EXPECT_EQ(find_elf_symbol(stripped.bytes(), kText + 0x200).error(), Errno{ENOENT});
    SampleElf broken;
    broken.sections[1].sh_link = 9;
    EXPECT_EQ(find_elf_symbol(broken.bytes(), kText + 0x200).error(), Errno{EINVAL});
    SampleElf nameless;
    nameless.symbols[1].st_name = sizeof(nameless.names);
    EXPECT_EQ(find_elf_symbol(nameless.bytes(), kText + 0x200).error(), Errno{EINVAL});
    SampleElf wrapped;
    wrapped.header.e_shoff = UINT64_MAX - 8;
    EXPECT_FALSE(find_elf_symbol(wrapped.bytes(), kText + 0x200));
}

TEST(Elf, SpoiledFileIsNeverReadOutside) {
    lib::spoil(SampleElf().bytes(), [](const lib::Blob& file) {
        static_cast<void>(find_elf_symbol(file, kText + 0x200));
        const auto image = ElfImage::check(file, EM_RISCV);
        if (!image) {
            EXPECT_EQ(image.error(), Errno{ENOEXEC});
            return;
        }
        for (std::size_t index = 0; index < image->program_header_count(); index++) {
            const Elf64_Phdr segment = image->program_header(index);
            if (segment.p_type == PT_LOAD && segment.p_memsz != 0) {
                EXPECT_LE(image->begin(), segment.p_vaddr);
                EXPECT_LE(segment.p_vaddr + segment.p_memsz, image->end());
                EXPECT_EQ(image->contents(segment).size(), segment.p_filesz);
            }
        }
    });
}

}  // namespace
}  // namespace exec
