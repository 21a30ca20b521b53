// Contract: task/rights.h.
#include "task/rights.h"

#include "core/current.h"
#include "mm/door.h"

namespace task {

namespace {

bool is_all(uint32_t id, uint32_t real, uint32_t effective, uint32_t saved) {
    return id == real && id == effective && id == saved;
}

// A zombie has no memory any more that could be kept from others.
bool is_dumpable(const core::Process& process) REQUIRES(family_lock) {
    return process.task.thread == nullptr || mm::is_dumpable(*process.task.thread);
}

}  // namespace

bool may_touch(const core::Process& process, Touch touch) {
    if (&process == &core::current_process()) return true;
    const core::Credentials& self = core::current().credentials;
    if (self.is_privileged()) return true;
    const core::Credentials& its = credentials_of(process);
    const bool looks = touch == Touch::kLook;
    const uint32_t uid = looks ? self.fsuid : self.uid;
    const uint32_t gid = looks ? self.fsgid : self.gid;
    if (!is_all(uid, its.uid, its.euid, its.suid)) return false;
    if (!is_all(gid, its.gid, its.egid, its.sgid)) return false;
    if (touch == Touch::kLimit) return true;
    // A process of root's has capabilities that this caller does not use; those that it may have count for
    // kTake, as its real numbers do.
    if (looks && uid == 0) return false;
    return is_dumpable(process);
}

}  // namespace task
