// Stand-in for lab execve: lays a program into new memory. Contract: exec/door.h, exec/load.h.
//
// The top of user memory when the program starts (System V ABI, "Process Initialization"):
//
//     stack's end  ─► ┌───────────────────────┐
//                     │ path, 16 random bytes │
//                     │ words                 │  of argv, then of envp
//                     │ auxiliary vector      │  pairs, AT_NULL last
//                     │ envp, argv            │  pointers, NULL last
//               sp ─► │ argc                  │  a multiple of 16
//                     └───────────────────────┘
#include "exec/load.h"

#include <linux/auxvec.h>
#include <linux/mman.h>
#include <linux/personality.h>

#include "arch/cpu.h"
#include "arch/elf_machine.h"
#include "arch/per_cpu.h"
#include "core/fpu.h"
#include "core/process.h"
#include "core/thread.h"
#include "dev/boot_args.h"
#include "exec/door.h"
#include "exec/elf.h"
#include "fs/context.h"
#include "fs/page_cache.h"
#include "lib/checked.h"
#include "lib/make.h"
#include "lib/random.h"
#include "mm/address_space.h"
#include "mm/program_memory.h"

namespace exec {

namespace {

constexpr uint64_t kStackSize = 128 << 10;  // given at once beside the words
constexpr std::byte kZeros[arch::kPageSize] = {};

uint64_t page_up(uint64_t address) { return MUST(lib::align_up(address, arch::kPageSize)); }

int protection_of(const Elf64_Phdr& segment) {
    return ((segment.p_flags & PF_R) != 0 ? PROT_READ : 0) |
           ((segment.p_flags & PF_W) != 0 ? PROT_WRITE : 0) |
           ((segment.p_flags & PF_X) != 0 ? PROT_EXEC : 0);
}

// The pages of the file are mapped; behind the file's bytes the last of them and all others are zeros.
Result<void> map_segment(mm::ProgramMemory& memory, const Program& program,
                         const Elf64_Phdr& segment) {
    const uint64_t begin = segment.p_vaddr + program.load_offset;
    const uint64_t file_end = begin + segment.p_filesz, end = begin + segment.p_memsz;
    uint64_t mapped_end = lib::align_down(begin, arch::kPageSize);
    if (end < begin || end > arch::kUserEnd) return Errno{ENOMEM};
    if (segment.p_filesz != 0) {
        if ((begin - segment.p_offset) % arch::kPageSize != 0) return Errno{ENOEXEC};
        mm::MapRequest request;
        request.address = mapped_end;
        request.size = file_end - request.address;
        request.protection = protection_of(segment);
        request.flags = MAP_PRIVATE | MAP_FIXED_NOREPLACE;
        request.source = program.pages;
        request.offset = lib::align_down(segment.p_offset, arch::kPageSize);
        if (!memory.space->map(request, *memory.limits)) return Errno{ENOMEM};
        // Touch all pages now, as the loader of the boot does: rows that count faults see a fixed number.
        memory.space->populate(request.address, request.size, *memory.limits);
        mapped_end = page_up(file_end);
        if (mapped_end > memory.layout.segments_end) memory.layout.segments_end = mapped_end;
        if (end > file_end && mapped_end > file_end) {
            TRY(memory.write(file_end, std::span(kZeros).first(mapped_end - file_end)));
        }
    }
    if (end <= mapped_end) return {};
    const mm::SegmentAccess access = {(segment.p_flags & PF_R) != 0, (segment.p_flags & PF_W) != 0,
                                      (segment.p_flags & PF_X) != 0};
    return memory.add_segment(mapped_end, end - mapped_end, access, {});
}

struct AuxiliaryEntry {
    uint64_t type;
    uint64_t value;
};

// Effect: fills the stack and says where sp is.
Result<uint64_t> build_stack(mm::ProgramMemory& memory, const ElfImage& elf, Program& program,
                             const Words& words, uint64_t seed) {
    const lib::Text path = program.path();
    const uint64_t path_at = memory.layout.stack_end - 8 - (path.size() + 1);  // behind it, zeros
    TRY(memory.write(path_at, std::as_bytes(std::span(path))));
    lib::Random random{seed};
    const uint64_t random_bytes[2] = {random.next(), random.next()};
    const uint64_t random_at = path_at - sizeof(random_bytes);
    TRY(memory.write(random_at, std::as_bytes(std::span(random_bytes))));
    const AuxiliaryEntry auxiliary[] = {
        {AT_PHDR, elf.program_headers_address() + program.load_offset},
        {AT_PHENT, sizeof(Elf64_Phdr)},
        {AT_PHNUM, elf.program_header_count()},
        {AT_PAGESZ, arch::kPageSize},
        {AT_ENTRY, elf.entry() + program.load_offset},
        {AT_RANDOM, random_at},
        {AT_EXECFN, path_at},
        {AT_NULL, 0},
    };
    const uint64_t words_at = random_at - words.bytes();
    const uint64_t below = sizeof(auxiliary) + words.pointer_bytes() + sizeof(uint64_t);
    const uint64_t sp = lib::align_down(words_at - below, 16);
    const uint64_t argc = words.argument_count();
    const uint64_t pointers_at = sp + sizeof(argc);
    TRY(memory.write(sp, std::as_bytes(std::span(&argc, 1))));
    program.words = TRY(words.lay_out(memory, words_at, pointers_at));
    TRY(memory.write(pointers_at + words.pointer_bytes(), std::as_bytes(std::span(auxiliary))));
    return sp;
}

// Those of the thread that runs are in the CPU, too; at boot it is another one.
void reset_registers(core::Thread& thread, uint64_t entry, uint64_t sp) {
    const arch::InterruptGuard guard;
    arch::reset_user_context(thread.user, entry, sp);
    thread.fpu = {};
    core::fpu_changed(thread);
    if (arch::this_cpu()->running == &thread) arch::load_resident_registers(thread.user);
}

// What the thread needs of the new program: where it begins, in memory that nobody else sees yet.
struct Image {
    mm::ProgramMemory memory;
    uint64_t entry, sp;
};

Result<Image> build(mm::ProgramMemory memory, Program& program, const Words& words, uint64_t seed) {
    struct Head {
        uint8_t bytes[arch::kPageSize];
    };
    UniquePtr<Head> head = TRY(lib::make<Head>());
    mm::IoBuffer buffer;
    buffer.add_kernel(head->bytes);
    const uint64_t size = program.node->size();
    const size_t head_size = TRY(fs::read_pages(*program.pages, size, buffer, 0));
    const lib::Bytes head_bytes = std::as_bytes(std::span(head->bytes).first(head_size));
    const auto elf = TRY(ElfImage::check(head_bytes, size, arch::kElfMachine));
    if (elf.is_position_independent()) {
        program.load_offset =
            memory.layout.free_base - lib::align_down(elf.begin(), arch::kPageSize);
    }
    for (size_t i = 0; i < elf.program_header_count(); i++) {
        const Elf64_Phdr segment = elf.program_header(i);
        if (segment.p_type != PT_LOAD || segment.p_memsz == 0) continue;
        TRY(map_segment(memory, program, segment));
    }
    const uint64_t stack_size = page_up(kStackSize + words.bytes() + words.pointer_bytes());
    TRY(memory.add_stack(stack_size));
    const uint64_t sp = TRY(build_stack(memory, elf, program, words, seed));
    return Image{std::move(memory), elf.entry() + program.load_offset, sp};
}

}  // namespace

Result<void> load(core::Thread& thread, Program& program, const Words& words, uint64_t seed) {
    mm::drop_memory(thread);
    const bool is_drawn = (thread.process->task.personality & ADDR_NO_RANDOMIZE) == 0;
    auto empty = TRY(mm::make_program_memory(thread.process->limits, is_drawn ? seed : 0));
    Image image = TRY(build(std::move(empty), program, words, seed));
    mm::exchange_memory(thread, image.memory);
    reset_registers(thread, image.entry, image.sp);
    return {};
}

Result<void> load_program(core::Thread& thread, lib::Bytes, lib::Text path, lib::Text arguments,
                          uint64_t seed) {
    Words words(thread.process->limits);
    TRY(words.add(path));
    for (lib::Text word = dev::next_word(arguments); !word.empty();
         word = dev::next_word(arguments)) {
        TRY(words.add(word));
    }
    words.end_arguments();
    TRY(words.add("HOME=/"));
    TRY(words.add("TERM=linux"));
    const fs::Viewpoint from = thread.files.context->viewpoint(thread.credentials);
    RefPtr<fs::Node> file = TRY(fs::find_node(from, from.root, path, fs::LastLink::kFollow));
    if (!file->is_regular()) return Errno{ENOEXEC};
    RefPtr<Program> program = TRY(Program::make(std::move(file), path));
    TRY(load(thread, *program, words, seed));
    set_program(*thread.process, std::move(program));
    return {};
}

}  // namespace exec
