#include "arch/riscv64/device_tree.h"

#include "arch/riscv64/device_tree_sample.h"
#include "lib/fuzz.h"

lib::Blob fuzz_sample() { return arch::sample_device_tree(); }

void fuzz_input(lib::Bytes input) {
    const auto tree = arch::DeviceTree::parse(input);
    if (!tree) {
        return;
    }
    arch::AddressRange ranges[4];
    std::uint64_t harts[4];
    static_cast<void>(tree->memory(ranges));
    static_cast<void>(tree->hart_ids(harts));
    static_cast<void>(tree->timebase_frequency());
    static_cast<void>(tree->chosen());
    static_cast<void>(tree->find_compatible("ns16550a"));
}
