// The memory that unit tests of the files see: frames with their references, and a program's bytes.
#pragma once
#include <cstdint>
#include <map>
#include <vector>

namespace fs::host {

extern std::map<uint64_t, unsigned> frames;  // address → references, of the frames in use

// The program's memory begins here, at the start of a page, and is as long as the vector.
inline constexpr uint64_t kUserBegin = 0x10000;
extern std::vector<uint8_t> user_memory;

// The so-manieth allocation from now on fails; 0: none does, or it has.
extern unsigned allocations_until_failure;

extern uint64_t now;  // the clock, in ns

inline constexpr uint64_t kFrames = 1000;  // that there are at all

}  // namespace fs::host
