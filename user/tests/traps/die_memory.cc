// SIGSEGV: memory that is not the program's, whichever way it is touched.
// Arguments: 0 reads, 1 writes, 2 executes; the address.
#include "cairn/check.h"
#include "cairn/cpu.h"

TEST("Touching memory that is not the program's ends the program.") {
    cairn::Registers patterns;
    cairn::draw_patterns(patterns);
    uint64_t way = argument_number(1, 0);
    uint64_t address = argument_number(2, 0xFFFFFFFF'80200000);
    patterns[cairn::kAddressRegister] = address;
    VALUE(way == 0   ? reinterpret_cast<uintptr_t>(cairn::cpu_die_load_pc)
          : way == 1 ? reinterpret_cast<uintptr_t>(cairn::cpu_die_store_pc)
                     : address);
    VALUE(address);
    cairn::finish();
    if (way == 0) cairn::cpu_die_load(patterns);
    if (way == 1) cairn::cpu_die_store(patterns);
    cairn::cpu_die_execute(patterns);
}
