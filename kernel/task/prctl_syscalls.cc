// prctl(2): what a process can say about itself that has no call of its own; personality(2). What becomes
// of it later, task/carried.h decides.
#include <linux/prctl.h>

#include <cstring>

#include "abi/signal.h"
#include "core/current.h"
#include "entry/syscall.h"
#include "mm/door.h"
#include "mm/user_memory.h"
#include "task/family.h"

namespace task {

namespace {

constexpr uint64_t kMostCapability = 40;  // capabilities(7): CAP_CHECKPOINT_RESTORE

ProcessPart& own() { return core::current_process().task; }

Result<long> set_name(uint64_t address) {
    char text[ThreadLife::kNameBytes];
    // One that is too long is cut off (prctl(2)).
    const auto read = mm::UserString(address).read_into(text);
    if (!read && read.error() != Errno{ENAMETOOLONG}) return read.error();
    const lib::Text name = read ? *read : lib::Text(text, sizeof(text) - 1);
    set_comm(core::current(), name);
    return 0;
}

Result<long> get_name(uint64_t address) {
    ThreadLife& life = core::current().task.life;
    const std::span<const uint8_t> bytes{reinterpret_cast<const uint8_t*>(life.name),
                                         sizeof(life.name)};
    TRY(mm::UserBuffer(address).write_from(bytes, 0));
    return 0;
}

}  // namespace

SYSCALL(prctl, int option, uint64_t argument, uint64_t third, uint64_t fourth, uint64_t fifth) {
    switch (option) {
        case PR_SET_PDEATHSIG:
            if (argument > abi::kMostSignals) return Errno{EINVAL};
            own().parent_death_signal = static_cast<int>(argument);
            return 0;
        case PR_GET_PDEATHSIG:
            TRY(mm::UserPtr<int>(argument).write(own().parent_death_signal));
            return 0;
        case PR_SET_CHILD_SUBREAPER: own().is_subreaper = argument != 0; return 0;
        case PR_GET_CHILD_SUBREAPER:
            TRY(mm::UserPtr<int>(argument).write(own().is_subreaper ? 1 : 0));
            return 0;
        case PR_SET_NAME: return set_name(argument);
        case PR_GET_NAME: return get_name(argument);
        case PR_GET_DUMPABLE: return mm::is_dumpable(core::current()) ? 1 : 0;
        case PR_SET_DUMPABLE:
            if (argument > 1) return Errno{EINVAL};
            mm::set_dumpable(core::current(), argument != 0);
            return 0;
        case PR_GET_KEEPCAPS: return own().keeps_capabilities ? 1 : 0;
        case PR_SET_KEEPCAPS:
            if (argument > 1) return Errno{EINVAL};
            own().keeps_capabilities = argument != 0;
            return 0;
        // Nobody can give one up.
        case PR_CAPBSET_READ:
            if (argument > kMostCapability) return Errno{EINVAL};
            return 1;
        case PR_GET_TIMERSLACK: return own().timer_slack_ns;
        case PR_SET_TIMERSLACK:
            own().timer_slack_ns = argument != 0 ? argument : own().usual_timer_slack_ns;
            return 0;
        case PR_GET_NO_NEW_PRIVS:
            if ((argument | third | fourth | fifth) != 0) return Errno{EINVAL};
            return own().gains_nothing ? 1 : 0;
        case PR_SET_NO_NEW_PRIVS:
            if (argument != 1 || (third | fourth | fifth) != 0) return Errno{EINVAL};
            own().gains_nothing = true;
            return 0;
        default: return Errno{EINVAL};
    }
}

SYSCALL(personality, unsigned wanted) {
    const uint32_t before = own().personality;
    if (wanted != ~0u) own().personality = wanted;
    return before;
}

}  // namespace task
