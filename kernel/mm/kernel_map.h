// What the kernel may do with its own memory.
#pragma once
#include "arch/page_table.h"

namespace mm {

// Effect: the kernel's code can be executed and not written to, its constants only be read, its data
// not executed, by their addresses in the image and in the direct map. Before, boot.S has mapped all of
// it in one piece. Context: boot, one CPU, the frame allocator works.
void protect_kernel_image();

// Effect: the page at `address`, which is the kernel's, leads to `frame` from now on, or with kNoEntry
// nowhere. The caller holds what makes it the only one to change that page, and tells the CPUs
// (flush_tlb_of) unless nothing was there before. Context: any.
void set_kernel_page(uint64_t address, arch::Pte entry);

}  // namespace mm
