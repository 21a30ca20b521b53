// Contract: fs/context.h.
#include "fs/context.h"

#include "lib/make.h"

namespace fs {

Result<RefPtr<Context>> Context::clone() const {
    Viewpoint seen = viewpoint({});
    return lib::make_ref<Context>(std::move(seen.root), std::move(seen.working), mask());
}

Viewpoint Context::viewpoint(const core::Credentials& credentials) const {
    sync::SpinGuard guard(lock_);
    return {root_, working_, credentials};
}

void Context::set_working(RefPtr<Node> directory) {
    sync::SpinGuard guard(lock_);
    std::swap(working_, directory);
}

void Context::set_root(RefPtr<Node> directory) {
    sync::SpinGuard guard(lock_);
    std::swap(root_, directory);
}

uint32_t Context::mask() const {
    sync::SpinGuard guard(lock_);
    return mask_;
}

uint32_t Context::change_mask(uint32_t mask) {
    sync::SpinGuard guard(lock_);
    return std::exchange(mask_, mask);
}

}  // namespace fs
