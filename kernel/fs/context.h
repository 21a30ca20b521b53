// Where a program's paths begin, and what its new files may allow. Processes may share one (CLONE_FS), so
// each answer is a copy, and each change is whole.
#pragma once
#include <cstdint>

#include "fs/paths.h"
#include "sync/spinlock.h"

namespace fs {

class Context : public lib::RefCounted<Context> {
public:
    static constexpr uint32_t kUsualMask = 022;

    Context(RefPtr<Node> root, RefPtr<Node> working, uint32_t mask = kUsualMask)
        : root_(std::move(root)), working_(std::move(working)), mask_(mask) {}

    // Effect: another one with the same contents. ENOMEM.
    Result<RefPtr<Context>> clone() const;

    // Root and working directory as they are at one moment, for someone with these credentials.
    Viewpoint viewpoint(const core::Credentials& credentials) const;

    // Effect: chdir(2), chroot(2). What it was before is dropped outside of the lock.
    void set_working(RefPtr<Node> directory);
    void set_root(RefPtr<Node> directory);

    // The permissions that new files do not get (umask(2)). Effect of change_mask: returns the one before.
    uint32_t mask() const;
    uint32_t change_mask(uint32_t mask);

private:
    mutable sync::SpinLock lock_{sync::LockRank::kFiles};
    RefPtr<Node> root_ GUARDED_BY(lock_);
    RefPtr<Node> working_ GUARDED_BY(lock_);
    uint32_t mask_ GUARDED_BY(lock_);
};

}  // namespace fs
