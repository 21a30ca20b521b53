// The port contract, memory: where physical memory, the kernel's image and user space lie.
//
// A port maps all of RAM at kDirectMapBase (kernel read and write), the image at kKernelImageBase and
// leaves every address below kUserEnd to programs. All address spaces share the upper half.
#pragma once
#include <cstddef>
#include <cstdint>

#include "port/memory.h"

namespace arch {

// Physical and virtual addresses never mix: only the two functions below convert.
enum class PhysAddr : uint64_t {};

constexpr uint64_t raw(PhysAddr address) { return static_cast<uint64_t>(address); }

// Effect: the kernel's address of a byte of RAM. Context: any. The address must be RAM or a device
// below kDirectMapSize; device registers are reached in the same way.
template <typename T = void>
T* direct_map(PhysAddr address) {
    return reinterpret_cast<T*>(kDirectMapBase + raw(address));
}

// Effect: the physical address of an object in the kernel's image (text, data, bss).
inline PhysAddr physical_of_image(const void* object) {
    return PhysAddr{reinterpret_cast<uint64_t>(object) - kKernelImageBase + kKernelImagePhysical};
}

static_assert(kUserEnd <= kDirectMapBase, "user space is below everything of the kernel");
static_assert(kKernelStackSlot > kKernelStackSize, "a stack has a guard below it");

}  // namespace arch
