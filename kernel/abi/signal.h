// How many signals there are: Linux's headers say so on some CPUs only (_NSIG).
#pragma once

namespace abi {

inline constexpr int kMostSignals = 64;  // signals are 1 to 64

}  // namespace abi
