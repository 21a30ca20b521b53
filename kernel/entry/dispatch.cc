// From a call number to the function behind it. Contract: entry/syscall.h. Called by user_loop.cc.
#include "entry/syscall.h"
#include "lib/todo.h"

namespace entry {

// ROOM traps.4 begin: dispatch a system call
void handle_system_call(const SystemCallTable& table, arch::UserContext& user) {
    user.set_pc(user.pc() + arch::UserContext::kCallInstructionBytes);
    const uint64_t number = user.call_number();
    const SystemCall* call = number < kSystemCallLimit ? table.calls[number] : nullptr;
    user.set_result(call != nullptr ? call->invoke(user.call_arguments()) : -ENOSYS);
}
// ROOM traps.4 end

}  // namespace entry
