// What the kernel may do with its own memory.
#pragma once
#include "arch/page_table.h"
#include "lib/result.h"

namespace mm {

// Effect: the kernel's code can be executed and not written to, its constants only be read, its data
// not executed, by their addresses in the image and in the direct map. Before, boot.S has mapped all of
// it in one piece. Context: boot, one CPU, the frame allocator works.
void protect_kernel_image();

// Effect: the entry of the page at `address`, which is the kernel's, is `entry` from now on, with kNoEntry
// nothing is there; returns what it was. The caller holds what makes it the only one to change that page,
// and tells the CPUs (flush_tlb_of) unless nothing was there before. Context: any.
arch::Pte set_kernel_page(uint64_t address, arch::Pte entry);

// Effect: set_kernel_page may be called for `address`: the table that its entry lies in is there, and
// stays. ENOMEM. Context: as allocate_frame; one caller at a time for each 2 MiB.
Result<void> make_kernel_table(uint64_t address);

}  // namespace mm
