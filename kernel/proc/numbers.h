// The numbers (st_ino) of nodes below /proc/<pid>. The nodes are made when somebody looks for them and live
// no longer than he does; by its number a node is the same each time, and its directory knows its name.
#pragma once
#include <cstdint>

namespace proc {

// Which directory of a process a node is, or stands in.
enum class ProcPlace : uint8_t { kProcess, kTasks, kThread, kDescriptors, kDescriptorInfos };

struct ProcNumber {
    int pid;
    ProcPlace place;
    uint32_t index =
        0;  // 0: the directory itself; others are those of its entries, or descriptors + 1

    // Above all numbers that nodes get in turn (node.h).
    static constexpr uint64_t kFirst = uint64_t{1} << 52;

    constexpr uint64_t number() const {
        return kFirst | static_cast<uint64_t>(pid) << 28 | static_cast<uint64_t>(place) << 24 |
               index;
    }
    static constexpr ProcNumber of(uint64_t number) {
        return {static_cast<int>((number & ~kFirst) >> 28),
                static_cast<ProcPlace>(number >> 24 & 15),
                static_cast<uint32_t>(number & 0xffffff)};
    }
};

}  // namespace proc
