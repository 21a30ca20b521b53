// Stand-in for lab execve: the boot loads one program into the window and never another.
#pragma once
#include <cstdint>
#include <span>

#include "lib/byte_reader.h"
#include "lib/result.h"
#include "lib/text.h"

namespace core {
struct Thread;
}

namespace exec {

// What lab execve keeps in a process.
struct ProcessPart {};

// Effect: lays the ELF file `image` (ET_EXEC or static-pie) into user memory, `path` and the words of
// `arguments`, and an auxiliary vector on a stack at the window's top (the layout of execve(2),
// "System V ABI"), and makes `thread` ready to run it. `image` must stay: backtraces read its
// symbols. `seed` draws AT_RANDOM and the address of a static-pie. ENOEXEC if it is no program for
// this CPU, EFAULT or ENOMEM if it does not fit, E2BIG if the arguments do not. Context: boot.
Result<void> load_program(core::Thread& thread, lib::Bytes image, lib::Text path,
                          lib::Text arguments, uint64_t seed);

struct UserSymbol {
    lib::Text name;  // empty if the program has no symbol there
    uint64_t offset;
};

// Effect: the function of the running program that an address lies in; its name, as much as fits, lies
// in `room`. Context: may sleep.
UserSymbol find_user_symbol(uint64_t address, std::span<char> room);

}  // namespace exec
