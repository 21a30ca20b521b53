#include "exec/elf.h"

#include "exec/elf_sample.h"
#include "lib/fuzz.h"

lib::Blob fuzz_sample() { return exec::SampleElf().bytes(); }

void fuzz_input(lib::Bytes input) {
    static_cast<void>(exec::find_elf_symbol(input, exec::SampleElf::kText + 0x200));
    const auto image = exec::ElfImage::check(input, EM_RISCV);
    if (!image) {
        return;
    }
    for (std::size_t index = 0; index < image->program_header_count(); index++) {
        const Elf64_Phdr segment = image->program_header(index);
        if (segment.p_type == PT_LOAD && segment.p_memsz != 0) {
            ASSERT(image->begin() <= segment.p_vaddr && segment.p_vaddr < image->end());
            ASSERT(image->contents(segment).size() <= segment.p_memsz);
        }
    }
}
