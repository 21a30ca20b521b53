// Contract: fs/line_input.h.
#include "fs/line_input.h"

#include <cstring>

namespace fs {

namespace {
constexpr lib::Text kRubOut = "\b \b";
}

lib::Text LineInput::type(char byte) {
    if (byte == '\r') byte = '\n';  // ICRNL
    switch (byte) {
        case LineKeys::kErase:
        case LineKeys::kEraseToo:
            if (length_ == 0) return {};
            length_--;
            return kRubOut;
        case LineKeys::kKill: length_ = 0; return "^U\n";
        case LineKeys::kEndOfFile: complete_ = true; return {};
        default: break;
    }
    if (byte != '\n' && length_ == kLongestLine) return {};
    line_[length_++] = byte;
    complete_ = byte == '\n';
    return {&line_[length_ - 1], 1};
}

size_t LineInput::take(std::span<uint8_t> to) {
    const size_t rest = length_ - taken_;
    const size_t count = rest < to.size() ? rest : to.size();
    memcpy(to.data(), line_ + taken_, count);
    taken_ += count;
    if (taken_ == length_) {
        taken_ = length_ = 0;
        complete_ = false;
    }
    return count;
}

}  // namespace fs
