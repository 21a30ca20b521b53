// x86_64: what lies on the kernel stack when the kernel itself is interrupted.
#pragma once
#include <cstdint>
#include <span>

#include "port/trap.h"
#include "port/user_context.h"

namespace arch {

struct KernelFrame {
    uint64_t value;  // CR2
    uint64_t padding_;
    uint64_t slots[kFrameSlots];

    uint64_t pc() const { return slots[kRip]; }
    uint64_t sp() const { return slots[kRsp]; }
    void set_sp(uint64_t address) { slots[kRsp] = address; }
    TrapCause trap_cause() const {
        const bool is_page_fault = slots[kVectorSlot] == static_cast<uint64_t>(Vector::kPageFault);
        return {slots[kErrorCode] << 32 | slots[kVectorSlot], is_page_fault ? value : 0};
    }
    std::span<const uint64_t> registers() const { return slots; }  // named by kRegisterNames
    uint64_t frame_pointer() const { return slots[kRbp]; }
    uint64_t link_register() const { return 0; }
};

}  // namespace arch
