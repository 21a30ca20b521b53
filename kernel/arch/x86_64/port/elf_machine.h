// x86_64: which programs this CPU runs, and what must happen before it runs new instructions.
#pragma once
#include <elf.h>

namespace arch {

inline constexpr Elf64_Half kElfMachine = EM_X86_64;
inline constexpr char kMachineName[] = "x86_64";  // uname(2)

// Nothing: this CPU sees what it wrote itself (Intel SDM volume 3, "Self-Modifying Code"), and others see it
// once they have executed a serializing instruction, as an interrupt's return or a load of CR3 is.
inline constexpr bool kFetchesAnew = true;
inline void flush_instruction_cache() { asm volatile("" ::: "memory"); }

}  // namespace arch
