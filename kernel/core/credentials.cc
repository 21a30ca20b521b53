// Contract: core/credentials.h. In a file of its own: <algorithm> brings headers of the C library with
// it, whose types Linux's headers have too.
#include "core/credentials.h"

#include <algorithm>

namespace core {

// On a heap: it needs no stack, and nothing of a library that is not linked.
void Groups::sort() {
    std::make_heap(ids_, ids_ + count_);
    std::sort_heap(ids_, ids_ + count_);
}

bool Groups::has(uint32_t id) const { return std::binary_search(ids_, ids_ + count_, id); }

}  // namespace core
