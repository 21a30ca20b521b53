// riscv64: the structs that assembly and C++ share, held to one layout; and fresh registers.
#include <cstddef>

#include "arch/fpu.h"
#include "arch/kernel_context.h"
#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "arch/riscv64/offsets.h"
#include "arch/trap.h"
#include "arch/user_context.h"

namespace arch {

static_assert(offsetof(UserContext, x) == CONTEXT_PC);
static_assert(offsetof(UserContext, x[31]) == CONTEXT_X(31));
static_assert(offsetof(UserContext, status) == CONTEXT_STATUS);
static_assert(offsetof(UserContext, kernel_sp) == CONTEXT_KERNEL_SP);
static_assert(offsetof(UserContext, kernel_tp) == CONTEXT_KERNEL_TP);
static_assert(offsetof(KernelFrame, x) == FRAME_PC);
static_assert(offsetof(KernelFrame, status) == FRAME_STATUS);
static_assert(offsetof(KernelFrame, cause) == FRAME_CAUSE);
static_assert(offsetof(KernelFrame, value) == FRAME_VALUE);
static_assert(sizeof(KernelFrame) == FRAME_SIZE && FRAME_SIZE % 16 == 0);
static_assert(offsetof(KernelContext, ra) == KERNEL_CONTEXT_RA);
static_assert(offsetof(KernelContext, sp) == KERNEL_CONTEXT_SP);
static_assert(offsetof(KernelContext, s[11]) == KERNEL_CONTEXT_S(11));
static_assert(offsetof(FpuState, f[31]) == FPU_F(31));
static_assert(offsetof(FpuState, fcsr) == FPU_FCSR);
static_assert(offsetof(Cpu, stack_low) == CPU_STACK_LOW);
static_assert(offsetof(Cpu, emergency_top) == CPU_EMERGENCY_TOP);
static_assert(offsetof(Cpu, overflowed_sp) == CPU_OVERFLOWED_SP);
static_assert(kKernelStackSize == KERNEL_STACK_SIZE);

void reset_user_context(UserContext& context, uint64_t pc, uint64_t sp) {
    context = UserContext{};
    context.set_pc(pc);
    context.set_sp(sp);
    // SPP = 0: sret goes to user mode. SPIE: with interrupts on. FS: the FPU may be used, its
    // registers are as at reset.
    context.status = STATUS_SPIE | kFpuInitial;
}

namespace {
// The first instructions of a context, with its function in s1: called by nobody, so ra leads nowhere.
[[gnu::naked]] void begin_context() { asm("mv ra, zero\n jr s1"); }
}  // namespace

void make_context(KernelContext& context, uint64_t stack_top, void (*entry)()) {
    context = KernelContext{};
    context.ra = reinterpret_cast<uint64_t>(&begin_context);
    context.sp = stack_top;
    context.s[1] = reinterpret_cast<uint64_t>(entry);
}

bool returns_from(uint64_t, uint64_t) { return false; }

}  // namespace arch
