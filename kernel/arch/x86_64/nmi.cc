// x86_64: the non-maskable interrupt asks a CPU that does not answer where it is (QEMU's monitor: `nmi`).
// Called by kernel_trap.S. No locks: the interrupted code may hold them.
#include "arch/cpu.h"
#include "arch/per_cpu.h"
#include "lib/format.h"

namespace arch {

extern "C" void handle_nmi(uint64_t pc) {
    char text[80];
    lib::BufferSink line{text};
    lib::format_to(line, "NMI: CPU {} at pc 0x{:x}\n", this_cpu()->index, pc);
    for (const char byte : line.text()) early_putc(byte);
}

}  // namespace arch
