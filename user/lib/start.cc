// From the first instruction to main: user/arch/<cpu>/start.S calls start_program with the initial
// stack.

#include "cairn/syscall.h"

int main(int argc, char** argv, char** envp);

// The stack as execve leaves it: argc, the arguments, a null, the environment, a null, the
// auxiliary vector.
extern "C" [[noreturn]] void start_program(long* stack) {
    int argc = static_cast<int>(stack[0]);
    char** argv = reinterpret_cast<char**>(stack + 1);
    int status = main(argc, argv, argv + argc + 1);
    for (;;) sys_exit_group(status);
}
