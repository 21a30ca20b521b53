// Stand-in for lab processes: one static thread, process 1, that nobody can take the CPU from.
#pragma once
#include <cstdint>

namespace core {
struct Thread;
}
namespace arch {
struct Cpu;
enum class Event : uint8_t;
}  // namespace arch

namespace task {

// Effect: the program's thread. Context: any.
core::Thread& first_thread();

// Effect: another thread's turn, if there were one. Context: may sleep.
void give_way(core::Thread& thread);

// Effect: the same for code of the kernel that an interrupt found preemptible. Context: interrupt.
void preempt_kernel(arch::Cpu& cpu);

// Effect: the program ends, and the machine with it: with exit's status, or as killed by the signal
// that Linux sends for an event (signal(7)). Context: any.
[[noreturn]] void exit_program(core::Thread& thread, int status);
[[noreturn]] void end_program(core::Thread& thread, arch::Event event);
const char* signal_name_of(arch::Event event);

}  // namespace task
