// x86_64: the structs that assembly and C++ share, held to one layout; and fresh registers.
#include <cstddef>
#include <cstring>

#include "arch/cpu.h"
#include "arch/fpu.h"
#include "arch/kernel_context.h"
#include "arch/memory.h"
#include "arch/per_cpu.h"
#include "arch/trap.h"
#include "arch/user_context.h"
#include "arch/x86_64/msr.h"
#include "arch/x86_64/offsets.h"

namespace arch {

static_assert(kRcx * 8 == FRAME_RCX && kR11 * 8 == FRAME_R11);
static_assert(kVectorSlot * 8 == FRAME_VECTOR && kErrorCode * 8 == FRAME_ERROR_CODE);
static_assert(kRip * 8 == FRAME_RIP && kCs * 8 == FRAME_CS && kRflags * 8 == FRAME_RFLAGS);
static_assert(kRsp * 8 == FRAME_RSP && kSs * 8 == FRAME_SS && kFrameSlots * 8 == FRAME_END);
static_assert(offsetof(UserContext, slots) == 0 && FRAME_END % 16 == 0);
static_assert(offsetof(UserContext, kernel_sp) == CONTEXT_KERNEL_SP);
static_assert(offsetof(KernelFrame, value) == KERNEL_FRAME_VALUE);
static_assert(offsetof(KernelFrame, slots) == KERNEL_FRAME_SLOTS && sizeof(KernelFrame) % 16 == 0);
static_assert(offsetof(KernelContext, rsp) == KERNEL_CONTEXT_RSP);
static_assert(offsetof(KernelContext, rbx) == KERNEL_CONTEXT_RBX);
static_assert(offsetof(KernelContext, rbp) == KERNEL_CONTEXT_RBP);
static_assert(offsetof(KernelContext, r12) == KERNEL_CONTEXT_R(12));
static_assert(offsetof(KernelContext, r15) == KERNEL_CONTEXT_R(15));
static_assert(static_cast<unsigned>(Vector::kNonMaskableInterrupt) == VECTOR_NMI);
static_assert(static_cast<unsigned>(Vector::kDoubleFault) == VECTOR_DOUBLE_FAULT);
static_assert(static_cast<unsigned>(Vector::kGeneralProtection) == VECTOR_GENERAL_PROTECTION);
static_assert(static_cast<unsigned>(Vector::kPageFault) == VECTOR_PAGE_FAULT);
static_assert(static_cast<unsigned>(Vector::kMachineCheck) == VECTOR_MACHINE_CHECK);
static_assert(static_cast<unsigned>(Vector::kSystemCall) == VECTOR_SYSTEM_CALL);

namespace {
// RFLAGS: interrupts on, and a bit that is always one.
constexpr uint64_t kFreshFlags = 0x202;
}  // namespace

void reset_user_context(UserContext& context, uint64_t pc, uint64_t sp) {
    context = UserContext{};
    context.set_pc(pc);
    context.set_sp(sp);
    context.slots[kCs] = USER_CS;
    context.slots[kSs] = USER_DS;
    context.slots[kRflags] = kFreshFlags;
}

namespace {
// Nearly always all of them are 0. Loading FS and GS changes their bases: the caller writes those next, and
// swapgs keeps the kernel's own away from it. Context: interrupts off, for no handler may see that.
void load_selectors(const UserContext& context) {
    const InterruptGuard guard;
    asm volatile(
        "movw %0, %%ds\n movw %1, %%es\n movw %2, %%fs\n swapgs\n movw %3, %%gs\n swapgs" ::"m"(
            context.ds),
        "m"(context.es), "m"(context.fs), "r"(context.gs)
        : "memory");
}
}  // namespace

// FS and GS may also have changed without a system call: a program that loads a selector into them moves
// their base to where that segment begins. (While the kernel runs, GS's is kept for swapgs.)
void save_resident_registers(UserContext& context) {
    asm volatile("movw %%ds, %0\n movw %%es, %1\n movw %%fs, %2\n movw %%gs, %3"
                 : "=m"(context.ds), "=m"(context.es), "=m"(context.fs), "=m"(context.gs));
    context.fs_base = read_msr(kMsrFsBase);
    context.gs_base = read_msr(kMsrKernelGsBase);
}

// A selector that another program has loaded would tell this one of it.
void load_resident_registers(const UserContext& context) {
    uint32_t ds, es, fs, gs;
    asm volatile("movl %%ds, %0\n movl %%es, %1\n movl %%fs, %2\n movl %%gs, %3"
                 : "=r"(ds), "=r"(es), "=r"(fs), "=r"(gs));
    const uint32_t wanted = context.ds | context.es | context.fs | context.gs;
    if ((wanted | ds | es | fs | gs) != 0) [[unlikely]]
        load_selectors(context);
    write_msr(kMsrFsBase, context.fs_base);
    write_msr(kMsrKernelGsBase, context.gs_base);
}

// switch_context returns to what lies on top of the stack. A function finds its return address there,
// 8 bytes below a multiple of 16: that of `entry` leads nowhere.
void make_context(KernelContext& context, uint64_t stack_top, void (*entry)()) {
    auto* top = reinterpret_cast<uint64_t*>(stack_top);
    top[-1] = 0;
    top[-2] = reinterpret_cast<uint64_t>(entry);
    context = KernelContext{};
    context.rsp = stack_top - 16;
}

// A call is the byte e8 and the distance from behind it (Intel SDM volume 2, "CALL").
bool returns_from(uint64_t function, uint64_t return_address) {
    const auto* behind = reinterpret_cast<const uint8_t*>(return_address);
    int32_t distance;
    memcpy(&distance, behind - sizeof(distance), sizeof(distance));
    return behind[-5] == 0xe8 && return_address + static_cast<uint64_t>(distance) == function;
}

}  // namespace arch
