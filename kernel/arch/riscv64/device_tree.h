// The flattened device tree: a blob by which the firmware tells what the machine consists of.
//
// Boot reads from it where memory lies, which CPUs there are, where the firmware put the initial
// file system, and the addresses of a few devices. The blob is checked once, in parse(); a
// malformed one is EINVAL, and nothing is ever read outside of it.
// Format: Devicetree Specification 0.4, chapter 5; the properties: chapters 2 and 3.
#pragma once

#include <cstdint>
#include <span>

#include "arch/boot_info.h"
#include "lib/byte_reader.h"
#include "lib/result.h"
#include "lib/text.h"

namespace arch {

// The total size that a blob's first eight bytes state. The firmware hands over only an address.
Result<std::size_t> device_tree_size(lib::Bytes header);

class DeviceTree {
public:
    // What boot is told in the node /chosen.
    struct Chosen {
        lib::Text boot_args;  // empty: none were given
        AddressRange initrd;  // size 0: there is none
    };

    // A device that the kernel looks for.
    struct Device {
        AddressRange registers;
        std::uint32_t interrupt = 0;  // 0: it has none
    };

    // Checks the whole blob. The result borrows it.
    static Result<DeviceTree> parse(lib::Bytes blob);

    // The ranges of memory, in the storage that the caller lends; ENOSPC if there are more.
    Result<std::span<AddressRange>> memory(std::span<AddressRange> storage) const;

    // The hart numbers of the CPUs that may be used, likewise.
    Result<std::span<std::uint64_t>> hart_ids(std::span<std::uint64_t> storage) const;

    // How often the CPUs' time counter ticks in a second; ENOENT if the tree does not say.
    Result<std::uint64_t> timebase_frequency() const;

    Result<Chosen> chosen() const;

    // The first enabled device whose list of compatible names holds this one, else ENOENT. All
    // buses on its way are taken to have the CPU's own addresses (an empty `ranges`).
    Result<Device> find_compatible(lib::Text name) const;

private:
    struct Blocks {
        lib::Bytes structure;
        lib::Bytes strings;
    };
    class Walk;
    struct Node;

    explicit DeviceTree(const Blocks& blocks) : blocks_(blocks) {}

    Blocks blocks_;
};

}  // namespace arch
