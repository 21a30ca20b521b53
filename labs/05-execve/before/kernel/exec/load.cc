// Stand-in for lab execve: loads the first program. Contract: exec/door.h.
//
// The top of user memory when the program starts (System V ABI, "Process Initialization"):
//
//     stack's end  ─► ┌───────────────────────┐
//                     │ strings, 16 random    │  path, arguments
//                     │ bytes                 │
//                     │ auxiliary vector      │  pairs, AT_NULL last
//                     │ NULL                  │  the (empty) environment
//                     │ NULL                  │
//                     │ argv[argc - 1] …      │
//                     │ argv[0]               │
//               sp ─► │ argc                  │  a multiple of 16
//                     └───────────────────────┘
#include <linux/auxvec.h>

#include <cstring>

#include "arch/elf_machine.h"
#include "arch/memory.h"
#include "arch/user_context.h"
#include "core/process.h"
#include "core/thread.h"
#include "dev/boot_args.h"
#include "exec/door.h"
#include "exec/elf.h"
#include "lib/checked.h"
#include "lib/random.h"
#include "mm/program_memory.h"

namespace exec {

namespace {

constexpr uint64_t kStackSize = 128
                                << 10;  // given at once; execve(2) promises 128 KiB to arguments
constexpr size_t kMostArguments = 64;

lib::Bytes loaded_file;
uint64_t load_offset = 0;

Result<void> load_segments(mm::ProgramMemory& memory, const ElfImage& elf, uint64_t offset) {
    for (size_t i = 0; i < elf.program_header_count(); i++) {
        const Elf64_Phdr header = elf.program_header(i);
        if (header.p_type != PT_LOAD || header.p_memsz == 0) continue;
        const mm::SegmentAccess access = {(header.p_flags & PF_R) != 0,
                                          (header.p_flags & PF_W) != 0,
                                          (header.p_flags & PF_X) != 0};
        TRY(memory.add_segment(header.p_vaddr + offset, header.p_memsz, access,
                               elf.contents(header)));
    }
    return {};
}

// Writes downwards from the stack's end; fails when the stack's size is used up.
class StackWriter {
public:
    explicit StackWriter(mm::ProgramMemory& memory)
        : memory_(memory),
          limit_(memory.layout.stack_end - kStackSize),
          sp_(memory.layout.stack_end) {}

    Result<uint64_t> push(const void* data, size_t size) {
        if (size > sp_ - limit_) return Errno{E2BIG};
        const lib::Bytes bytes = {static_cast<const std::byte*>(data), size};
        TRY(memory_.write(sp_ - size, bytes));
        sp_ -= size;
        return sp_;
    }
    Result<uint64_t> push_string(lib::Text text) {
        TRY(push("", 1));
        return push(text.data(), text.size());
    }
    Result<uint64_t> push_word(uint64_t word) { return push(&word, sizeof(word)); }
    // Effect: makes sp a multiple of 16 once `words` more words have been pushed.
    void align_for(size_t words) { sp_ = ((sp_ - words * 8) & ~uint64_t{15}) + words * 8; }
    uint64_t sp() const { return sp_; }

private:
    mm::ProgramMemory& memory_;
    const uint64_t limit_;
    uint64_t sp_;
};

struct AuxiliaryEntry {
    uint64_t type;
    uint64_t value;
};

Result<uint64_t> build_stack(StackWriter stack, const ElfImage& elf, uint64_t offset,
                             lib::Text path, lib::Text arguments, uint64_t seed) {
    lib::Random random{seed};
    const uint64_t random_bytes[2] = {random.next(), random.next()};
    const uint64_t random_at = TRY(stack.push(random_bytes, sizeof(random_bytes)));
    uint64_t argv[kMostArguments];
    size_t argc = 0;
    argv[argc++] = TRY(stack.push_string(path));
    const uint64_t path_at = argv[0];
    for (lib::Text word = dev::next_word(arguments); !word.empty();
         word = dev::next_word(arguments)) {
        if (argc == kMostArguments) return Errno{E2BIG};
        argv[argc++] = TRY(stack.push_string(word));
    }
    const AuxiliaryEntry auxiliary[] = {
        {AT_PHDR, elf.program_headers_address() + offset},
        {AT_PHENT, sizeof(Elf64_Phdr)},
        {AT_PHNUM, elf.program_header_count()},
        {AT_PAGESZ, arch::kPageSize},
        {AT_ENTRY, elf.entry() + offset},
        {AT_RANDOM, random_at},
        {AT_EXECFN, path_at},
        {AT_NULL, 0},
    };
    stack.align_for(sizeof(auxiliary) / 8 + 1 + argc + 1 + 1);
    TRY(stack.push(auxiliary, sizeof(auxiliary)));
    TRY(stack.push_word(0));  // the environment's end
    TRY(stack.push_word(0));  // argv's
    TRY(stack.push(argv, argc * sizeof(argv[0])));
    return stack.push_word(argc);
}

}  // namespace

Result<void> load_program(core::Thread& thread, lib::Bytes image, lib::Text path,
                          lib::Text arguments, uint64_t seed) {
    const auto elf = TRY(ElfImage::check(image, arch::kElfMachine));
    mm::ProgramMemory memory = TRY(mm::make_program_memory(thread.process->limits, seed));
    uint64_t offset = 0;
    if (elf.is_position_independent()) {
        offset = memory.layout.free_base - lib::align_down(elf.begin(), arch::kPageSize);
    }
    TRY(load_segments(memory, elf, offset));
    TRY(memory.add_stack(kStackSize));
    const StackWriter stack(memory);
    const uint64_t sp = TRY(build_stack(stack, elf, offset, path, arguments, seed));
    mm::exchange_memory(thread, memory);
    arch::reset_user_context(thread.user, elf.entry() + offset, sp);
    loaded_file = image;
    load_offset = offset;
    return {};
}

UserSymbol find_user_symbol(uint64_t address, std::span<char> room) {
    if (address < load_offset) return {};
    auto symbol = find_elf_symbol(loaded_file, address - load_offset);
    if (!symbol) return {};
    const lib::Text name = symbol->name.first(room.size());
    memcpy(room.data(), name.data(), name.size());
    return {{room.data(), name.size()}, symbol->offset};
}

}  // namespace exec
