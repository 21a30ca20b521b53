// What the soak programs share: numbers from a seed, and what the machine has left.
#pragma once

#include "cairn/memory.h"
#include "cairn/print.h"
#include "cairn/process.h"

namespace soak {

// splitmix64 (Steele, Lea, Flood 2014): one word of state, so a fork can draw on by itself.
struct Random {
    uint64_t state;

    uint64_t next() {
        uint64_t x = state += 0x9e3779b97f4a7c15;
        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
        x = (x ^ x >> 27) * 0x94d049bb133111eb;
        return x ^ x >> 31;
    }
    long below(long limit) { return static_cast<long>(next() % static_cast<uint64_t>(limit)); }
    bool one_in(long times) { return below(times) == 0; }
};

inline uint64_t number_of(const char* word) {
    uint64_t number = 0;
    while (*word >= '0' && *word <= '9')
        number = number * 10 + static_cast<uint64_t>(*word++ - '0');
    return number;
}

struct Resources {
    uint64_t free_bytes, processes, lowest_fd;
};

// What is left when this process has no children.
inline Resources resources() {
    struct sysinfo info = {};
    sys_sysinfo(&info);
    const long fd = system_call(__NR_dup, 0, 0, 0, 0, 0, 0);
    system_call(__NR_close, fd, 0, 0, 0, 0, 0);
    return {info.freeram * info.mem_unit, info.procs, static_cast<uint64_t>(fd)};
}

// Says whether all has come back, as tools/soak.py reads it. Caches of the kernel may have grown a little.
inline bool tell_resources(const char* who, const Resources& before) {
    constexpr uint64_t kSlack = 256 << 10;
    const Resources now = resources();
    const bool is_back = now.free_bytes + kSlack >= before.free_bytes &&
                         now.processes == before.processes && now.lowest_fd == before.lowest_fd;
    print("%s: free %lu then %lu, processes %lu then %lu, lowest fd %lu then %lu: %s\n", who,
          before.free_bytes, now.free_bytes, before.processes, now.processes, before.lowest_fd,
          now.lowest_fd, is_back ? "all came back" : "LOST");
    return is_back;
}

}  // namespace soak
