// The first room: three lines of kernel code, run at boot by `selftest=start:68656c6c6f`.
#include <cstdint>
#include <span>

#include "core/log.h"
#include "lib/result.h"
#include "lib/todo.h"
#include "selftest/hex.h"
#include "selftest/selftest.h"

namespace selftest {

namespace {

// The next value of a seal after one more byte (FNV-1a, 32 bits).
[[maybe_unused]] uint32_t mix(uint32_t seal, uint8_t byte) { return (seal ^ byte) * 16777619u; }

constexpr uint32_t kEmptySeal = 2166136261u;

// Effect: the seal of a message: kEmptySeal mixed with every byte of it, the first byte first. An
// empty message has no seal: EINVAL. A Result is returned as it is: `return Errno{EINVAL};` for an
// error, `return seal;` for a value.
// ROOM start.1 begin: seal a message
Result<uint32_t> seal_of(std::span<const uint8_t> message) {
    if (message.empty()) return Errno{EINVAL};
    uint32_t seal = kEmptySeal;
    for (const uint8_t byte : message) seal = mix(seal, byte);
    return seal;
}
// ROOM start.1 end

}  // namespace

SELFTEST(start) {
    uint8_t message[64];
    auto seal = seal_of({message, hex_bytes(argument, message)});
    if (seal) {
        core::log("start: seal={:08x}", *seal);
    } else {
        core::log("start: error {}", static_cast<int>(seal.error()));
    }
    return seal.has_value();
}

}  // namespace selftest
