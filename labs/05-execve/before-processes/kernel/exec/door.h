// Stand-in for lab execve where there are processes: execve(2) destroys the old program first and looks
// at the new one later (syscalls.cc).
#pragma once
#include <cstdint>
#include <span>

#include "lib/byte_reader.h"
#include "lib/ref_ptr.h"
#include "lib/result.h"
#include "lib/text.h"

namespace core {
struct Thread;
struct Process;
}  // namespace core

namespace exec {

class Program;  // exec/program.h

// What lab execve keeps in a process: the program that it runs, an owner of it. None: a thread of the
// kernel, or a zombie.
struct ProcessPart {
    Program* program = nullptr;
};

// Effect: `child` runs what `parent` runs; `part` runs nothing any more. Context: the process is the
// caller's, or nobody else knows it yet; any.
void share_program(const ProcessPart& parent, ProcessPart& child);
void drop_program(ProcessPart& part);

// Effect: the program that a process runs, or none. Context: any, whosever process it is.
RefPtr<Program> program_of(const core::Process& process);

// Effect: `thread` is ready to run the program at `path`, as Linux starts its first one: arguments are
// `path` and the words of `arguments`, the environment is HOME=/ and TERM=linux. `seed` draws AT_RANDOM
// and the layout. ENOEXEC if it is no static program for this CPU, ENOMEM if it does not fit, E2BIG if
// the arguments do not; the errors of path resolution. Context: boot; `thread` has files.
Result<void> load_program(core::Thread& thread, lib::Bytes image, lib::Text path,
                          lib::Text arguments, uint64_t seed);

struct UserSymbol {
    lib::Text name;  // empty if the program has no symbol there
    uint64_t offset;
};

// Effect: the function of the program that runs here which an address lies in; its name, as much as
// fits, lies in `room`. Context: may sleep.
UserSymbol find_user_symbol(uint64_t address, std::span<char> room);

}  // namespace exec
