// The files of a new thread, and of one that ends. Contract: fs/door.h.
#include "core/thread.h"
#include "fs/context.h"
#include "fs/descriptors.h"
#include "fs/door.h"

namespace fs {

namespace {

// A thread's pointer is an owner: a share of what its maker has, or a copy.
template <typename Part>
Result<RefPtr<Part>> part_for_child(Part& part, bool shares) {
    if (shares) return RefPtr<Part>(part);
    return part.clone();
}

// Others look at a thread's files (share_descriptors) while it drops them.
constinit sync::SpinLock sharing_lock{sync::LockRank::kSharing};

template <typename Part>
RefPtr<Part> exchange(Part*& part, RefPtr<Part> next) {
    sync::SpinGuard guard(sharing_lock);
    return lib::adopt_ref(std::exchange(part, next.release()));
}

}  // namespace

Result<void> clone_files(const core::Thread& parent, core::Thread& child, Sharing sharing) {
    auto descriptors = TRY(part_for_child(*parent.files.descriptors, sharing.descriptors));
    auto context = TRY(part_for_child(*parent.files.context, sharing.context));
    child.files = {descriptors.release(), context.release()};
    return {};
}

RefPtr<DescriptorTable> share_descriptors(const core::Thread& thread) {
    sync::SpinGuard guard(sharing_lock);
    if (thread.files.descriptors == nullptr) return {};
    return RefPtr<DescriptorTable>(*thread.files.descriptors);
}

RefPtr<Context> share_context(const core::Thread& thread) {
    sync::SpinGuard guard(sharing_lock);
    if (thread.files.context == nullptr) return {};
    return RefPtr<Context>(*thread.files.context);
}

RefPtr<DescriptorTable> exchange_descriptors(core::Thread& thread, RefPtr<DescriptorTable> table) {
    return exchange(thread.files.descriptors, std::move(table));
}

void drop_files(core::Thread& thread) {
    // The last owner's end closes files, which may be long: nobody finds them through the thread then.
    const RefPtr<DescriptorTable> descriptors = exchange(thread.files.descriptors, {});
    const RefPtr<Context> context = exchange(thread.files.context, {});
}

}  // namespace fs
