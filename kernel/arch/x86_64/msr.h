// x86_64: registers of the CPU that have a number (Intel SDM volume 4).
#pragma once
#include <cstdint>

namespace arch {

enum Msr : uint32_t {
    kMsrStar = 0xc0000081,
    kMsrLstar = 0xc0000082,
    kMsrFlagMask = 0xc0000084,
    kMsrFsBase = 0xc0000100,
    kMsrKernelGsBase = 0xc0000102,  // the other one of the two that swapgs exchanges
};

inline void write_msr(uint32_t msr, uint64_t value) {
    asm volatile("wrmsr" ::"c"(msr), "a"(static_cast<uint32_t>(value)),
                 "d"(static_cast<uint32_t>(value >> 32)));
}

inline uint64_t read_msr(uint32_t msr) {
    uint32_t low;
    uint32_t high;
    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return uint64_t{high} << 32 | low;
}

}  // namespace arch
