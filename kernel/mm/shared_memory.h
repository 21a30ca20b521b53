// Memory that several address spaces share and no file holds (mmap(2): MAP_SHARED | MAP_ANONYMOUS).
#pragma once
#include "lib/ref_ptr.h"
#include "lib/result.h"
#include "mm/page_source.h"

namespace mm {

// Effect: a new object of `pages` pages, all zero; frames come when they are touched. ENOMEM.
Result<RefPtr<PageSource>> make_shared_memory(uint64_t pages);

}  // namespace mm
