// x86_64: fresh registers of programs.
#include "arch/fpu.h"
#include "arch/trap.h"
#include "arch/user_context.h"

namespace arch {

void reset_user_context(UserContext& context, uint64_t pc, uint64_t sp) {
    context = UserContext{};
    context.set_pc(pc);
    context.set_sp(sp);
}

bool fpu_is_dirty(const UserContext&) { return true; }
void mark_fpu_clean(UserContext&) {}
void allow_fpu_in_kernel() {}

}  // namespace arch
