// What QEMU's exit status says about a run (docs: debugging). 0 and 1..63 are init's own.
#pragma once
#include <cstdint>

namespace core {

inline constexpr uint8_t kStatusLargestExit = 63;  // a larger exit status of init shows as this
inline constexpr uint8_t kStatusKilledBase = 64;   // plus the signal that a fault would have sent
inline constexpr uint8_t kStatusRefused = 120;     // the machine or the boot arguments will not do
inline constexpr uint8_t kStatusOpenRoom = 121;    // the kernel came by a room that is still open
inline constexpr uint8_t kStatusPanic = 127;

}  // namespace core
