// sysinfo(2): how much memory there is, and since when.
#include <linux/sysinfo.h>

#include <cstring>

#include "arch/memory.h"
#include "core/clock.h"
#include "entry/syscall.h"
#include "mm/frames.h"
#include "mm/user_memory.h"

namespace mm {

SYSCALL(sysinfo, mm::UserBuffer result) {
    struct sysinfo info;
    memset(&info, 0, sizeof(info));  // the gaps between its members too: all of it is copied
    const FrameCounts frames = count_frames();
    info.uptime = static_cast<long>(core::now_ns() / core::kNsPerSecond);
    info.totalram = frames.total * arch::kPageSize;
    info.freeram = frames.free * arch::kPageSize;
    info.procs = 1;
    info.mem_unit = 1;
    TRY(result.write_from({reinterpret_cast<const uint8_t*>(&info), sizeof(info)}, 0));
    return 0;
}

}  // namespace mm
