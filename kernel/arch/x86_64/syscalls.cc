// arch_prctl(2): where the segments FS and GS of a program begin. C libraries keep the thread's own data
// at FS. Both stay in the CPU as long as the thread does (save_resident_registers); while the kernel runs,
// swapgs has put the program's GS base into a register of its own.
#include <asm/prctl.h>

#include "arch/memory.h"
#include "arch/x86_64/msr.h"
#include "entry/syscall.h"
#include "mm/user_memory.h"

namespace arch {

SYSCALL(arch_prctl, int what, uint64_t address) {
    const uint32_t msr = what == ARCH_SET_FS || what == ARCH_GET_FS ? kMsrFsBase : kMsrKernelGsBase;
    switch (what) {
        case ARCH_SET_FS:
        case ARCH_SET_GS:
            if (address >= kUserEnd) return Errno{EPERM};
            write_msr(msr, address);
            return 0;
        case ARCH_GET_FS:
        case ARCH_GET_GS: TRY(mm::UserPtr<uint64_t>{address}.write(read_msr(msr))); return 0;
        default: return Errno{EINVAL};
    }
}

}  // namespace arch
