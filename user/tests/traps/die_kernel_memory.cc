// SIGSEGV: the kernel's half of the address space is not the program's, whichever way it is touched.
#include "cairn/check.h"
#include "cairn/cpu.h"

TEST("Reading, writing or executing the kernel's memory ends the program.") {
  cairn::Registers patterns;
  cairn::draw_patterns(patterns);
  uint64_t way = argument_number(1, 0);  // 0 reads, 1 writes, 2 executes
  patterns[cairn::kAddressRegister] = argument_number(2, 0xFFFFFFFF'80200000);
  VALUE(way == 0 ? cairn::cpu_die_load_pc : way == 1 ? cairn::cpu_die_store_pc : cairn::cpu_die_execute_pc);
  VALUE(patterns[cairn::kAddressRegister]);
  cairn::finish();
  if (way == 0) cairn::cpu_die_load(patterns);
  if (way == 1) cairn::cpu_die_store(patterns);
  cairn::cpu_die_execute(patterns);
}
