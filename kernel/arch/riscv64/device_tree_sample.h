// Builds device trees for tests and fuzzers.
#pragma once

#include <initializer_list>

#include "lib/sample.h"

namespace arch {

class DeviceTreeBuilder {
public:
    DeviceTreeBuilder& begin(std::string_view name) {
        cell(1);
        lib::append(structure_, name);
        structure_.push_back({});
        lib::pad(structure_, 4);
        return *this;
    }
    DeviceTreeBuilder& end() { return cell(2); }
    DeviceTreeBuilder& nop() { return cell(4); }

    // Any 32-bit word in the structure block: a token, or nonsense.
    DeviceTreeBuilder& cell(std::uint32_t value) {
        append_cell(structure_, value);
        return *this;
    }

    DeviceTreeBuilder& bytes(std::string_view name, const lib::Blob& value) {
        cell(3).cell(static_cast<std::uint32_t>(value.size()));
        cell(static_cast<std::uint32_t>(strings_.size()));
        lib::append(strings_, name);
        strings_.push_back({});
        lib::append(structure_, value.data(), value.size());
        lib::pad(structure_, 4);
        return *this;
    }
    DeviceTreeBuilder& cells(std::string_view name, std::initializer_list<std::uint32_t> values) {
        lib::Blob value;
        for (const std::uint32_t word : values) {
            append_cell(value, word);
        }
        return bytes(name, value);
    }
    // The value's own NUL is added; a list of texts has further ones inside.
    DeviceTreeBuilder& text(std::string_view name, std::string_view value) {
        lib::Blob blob;
        lib::append(blob, value);
        blob.push_back({});
        return bytes(name, blob);
    }

    lib::Blob finish() {
        cell(9);
        lib::Blob blob;
        const auto structure_size = static_cast<std::uint32_t>(structure_.size());
        const auto strings_size = static_cast<std::uint32_t>(strings_.size());
        const std::uint32_t header[] = {0xd00dfeed,
                                        40 + structure_size + strings_size,
                                        40,
                                        40 + structure_size,
                                        0,
                                        17,
                                        16,
                                        0,
                                        strings_size,
                                        structure_size};
        for (const std::uint32_t word : header) {
            append_cell(blob, word);
        }
        lib::append(blob, structure_.data(), structure_.size());
        lib::append(blob, strings_.data(), strings_.size());
        return blob;
    }

private:
    static void append_cell(lib::Blob& blob, std::uint32_t value) {
        lib::append_object(blob, __builtin_bswap32(value));
    }

    lib::Blob structure_;
    lib::Blob strings_;
};

// Like QEMU's `virt` with two CPUs, shortened.
inline lib::Blob sample_device_tree() {
    using namespace std::string_view_literals;
    DeviceTreeBuilder tree;
    tree.begin("").cells("#address-cells", {2}).cells("#size-cells", {2}).nop();
    tree.begin("chosen")
        .text("bootargs", "init=/first seed=7")
        .cells("linux,initrd-start", {0, 0x88000000})
        .cells("linux,initrd-end", {0x88001234})
        .end();
    tree.begin("memory@80000000")
        .text("device_type", "memory")
        .cells("reg", {0, 0x80000000, 0, 0x8000000, 1, 0, 0, 0x1000})
        .end();
    tree.begin("cpus").cells("#address-cells", {1}).cells("#size-cells", {0});
    tree.cells("timebase-frequency", {10'000'000});
    tree.begin("cpu@0").text("device_type", "cpu").cells("reg", {0}).text("status", "okay").end();
    tree.begin("cpu@1").text("device_type", "cpu").cells("reg", {1});
    tree.begin("interrupt-controller").cells("#address-cells", {0}).end().end();
    tree.begin("cpu@2").text("device_type", "cpu").cells("reg", {2}).text("status", "disabled");
    tree.end().end();
    tree.begin("soc").cells("#address-cells", {2}).cells("#size-cells", {2}).bytes("ranges", {});
    tree.begin("serial@10001000")
        .text("compatible", "ns16550a")
        .cells("reg", {0, 0x10001000, 0, 0x100})
        .text("status", "disabled")
        .end();
    tree.begin("serial@10000000")
        .cells("interrupts", {10})
        .cells("reg", {0, 0x10000000, 0, 0x100})
        .text("compatible", "vendor,uart\0ns16550a"sv)
        .end();
    tree.end().end();
    return tree.finish();
}

}  // namespace arch
