// Fills the table from the descriptors that SYSCALL left in the section .system_calls (kernel.ld).
#include "entry/syscall.h"

namespace entry {

extern "C" {
extern const SystemCall* const system_calls_begin[];
extern const SystemCall* const system_calls_end[];
}

constinit SystemCallTable the_system_calls = {};

void init_system_calls() {
    for (const SystemCall* const* call = system_calls_begin; call != system_calls_end; call++) {
        const SystemCall*& entry = the_system_calls.calls[(*call)->number];
        if (entry != nullptr) PANIC("system call {} is defined twice", (*call)->name);
        entry = *call;
    }
}

const SystemCall* find_description(uint64_t number) {
    for (const SystemCall* const* call = system_calls_begin; call != system_calls_end; call++) {
        if ((*call)->number == number) return *call;
    }
    return nullptr;
}

}  // namespace entry
