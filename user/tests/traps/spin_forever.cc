// Never ends: the host counts ticks, or presses Ctrl-T and looks for secret(0), secret(1)… in the registers.
#include "cairn/check.h"
#include "cairn/cpu.h"

TEST("A program that never enters the kernel is interrupted, and its registers can be shown.") {
  cairn::Registers patterns;
  cairn::draw_patterns(patterns);
  VALUE(cairn::cpu_spin_forever_pc);
  cairn::finish();
  cairn::cpu_spin_forever(patterns);
}
