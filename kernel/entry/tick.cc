// The tick: every hundredth of a second the kernel gets the CPU back, whatever the program does.
// Contract: entry/tick.h. Called by user_loop.cc and kernel_trap.cc.
#include "entry/tick.h"

#include "arch/cpu.h"
#include "core/thread.h"
#include "lib/todo.h"
#include "time/tick.h"

namespace entry {

void start_ticks(arch::Cpu& cpu) { time::start_ticks(cpu); }

// ROOM traps.8 begin: a timer tick
void handle_tick(arch::Cpu& cpu) {
    cpu.ticks++;
    cpu.next_deadline = time::next_deadline(cpu.next_deadline);
    arch::set_timer(cpu.next_deadline);
    if (cpu.running != nullptr) cpu.running->request(core::Work::kReschedule);
}
// ROOM traps.8 end

}  // namespace entry
