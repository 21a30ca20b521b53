// riscv64: which programs this CPU runs, and what must happen before it runs new instructions.
#pragma once
#include <elf.h>

namespace arch {

inline constexpr Elf64_Half kElfMachine = EM_RISCV;
inline constexpr char kMachineName[] = "riscv64";  // uname(2)

// The CPU may have fetched what stood there before (unprivileged specification, "Zifencei": FENCE.I orders
// the stores that are visible to this hart before its later fetches, and no other hart's fetches).
inline constexpr bool kFetchesAnew = false;
inline void flush_instruction_cache() { asm volatile("fence.i" ::: "memory"); }

}  // namespace arch
