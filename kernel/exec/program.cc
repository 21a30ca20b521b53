// Which program a process runs. Contract: exec/program.h, exec/door.h.
#include "exec/program.h"

#include <cstring>

#include "core/current.h"
#include "core/process.h"
#include "core/thread.h"
#include "exec/door.h"
#include "exec/elf.h"
#include "fs/page_cache.h"
#include "lib/make.h"
#include "sync/spinlock.h"

namespace exec {

namespace {

// Guards ProcessPart::program of every process, while a reference is taken or the pointer changes.
sync::SpinLock program_lock{sync::LockRank::kProgram};

Program* exchange_program(ProcessPart& part, Program* program) {
    sync::SpinGuard guard(program_lock);
    return std::exchange(part.program, program);
}

RefPtr<Program> program_in(const ProcessPart& part) {
    sync::SpinGuard guard(program_lock);
    return part.program == nullptr ? RefPtr<Program>() : RefPtr<Program>(*part.program);
}

// A whole file in the kernel's memory, for a moment.
class FileCopy {
public:
    ~FileCopy() { delete[] bytes_; }
    Result<lib::Bytes> read(const Program& program) {
        const uint64_t size = program.node->size();
        bytes_ = new (std::nothrow) uint8_t[size];
        if (bytes_ == nullptr) return Errno{ENOMEM};
        mm::IoBuffer buffer;
        buffer.add_kernel({bytes_, size});
        const size_t read = TRY(fs::read_pages(*program.pages, size, buffer, 0));
        return std::as_bytes(std::span(bytes_, read));
    }

private:
    uint8_t* bytes_ = nullptr;
};

}  // namespace

Program::~Program() {
    if (is_runner_) pages->remove_runner();
}

Result<RefPtr<Program>> Program::make(RefPtr<fs::Node> file, lib::Text path) {
    RefPtr<Program> program = TRY(lib::make_ref<Program>(std::move(file)));
    if (!program->pages) return Errno{EACCES};
    TRY(program->pages->add_runner());
    program->is_runner_ = true;
    // A file that has a name of its own was perhaps looked for as /proc/self/exe.
    const lib::Text own = program->pages->name();
    TRY(program->path_.copy(own.empty() ? path : own));
    lib::Text last, rest = path.empty() ? own : path;
    while (!rest.empty()) last = rest.take_until('/');
    memcpy(program->name_, last.data(), last.first(sizeof(program->name_) - 1).size());
    return program;
}

void share_program(const ProcessPart& parent, ProcessPart& child) {
    child.program = program_in(parent).release();
}

void drop_program(ProcessPart& part) {
    const RefPtr<Program> last = lib::adopt_ref(exchange_program(part, nullptr));
}

RefPtr<Program> program_of(const core::Process& process) { return program_in(process.exec); }

void set_program(core::Process& process, RefPtr<Program> program) {
    const RefPtr<Program> old = lib::adopt_ref(exchange_program(process.exec, program.release()));
}

namespace {

Result<UserSymbol> symbol_at(const Program& program, uint64_t address, std::span<char> room) {
    FileCopy file;
    const lib::Bytes bytes = TRY(file.read(program));
    const ElfSymbol symbol = TRY(find_elf_symbol(bytes, address - program.load_offset));
    const lib::Text name = symbol.name.first(room.size());
    memcpy(room.data(), name.data(), name.size());
    return UserSymbol{lib::Text(room.data(), name.size()), symbol.offset};
}

}  // namespace

UserSymbol find_user_symbol(uint64_t address, std::span<char> room) {
    const RefPtr<Program> program = program_of(*core::current().process);
    if (!program || address < program->load_offset) return {};
    const auto symbol = symbol_at(*program, address, room);
    return symbol ? *symbol : UserSymbol{};
}

}  // namespace exec
