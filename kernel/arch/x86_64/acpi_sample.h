// Builds memory with ACPI tables in it, for tests and fuzzers.
#pragma once

#include "arch/x86_64/acpi.h"
#include "lib/sample.h"

namespace arch {

class AcpiBuilder {
public:
    AcpiBuilder& local_apic(std::uint8_t id, std::uint32_t flags = 1) {
        return entry(0, {0, id}, {flags});
    }
    AcpiBuilder& io_apic(std::uint32_t address, std::uint32_t first = 0) {
        return entry(1, {0, 0}, {address, first});
    }
    AcpiBuilder& override_line(std::uint8_t line, std::uint32_t pin) {
        return entry(2, {0, line}, {pin}, {0, 0});
    }
    // An entry of any type: bytes, words, bytes.
    AcpiBuilder& entry(std::uint8_t type, std::initializer_list<std::uint8_t> head,
                       std::initializer_list<std::uint32_t> words,
                       std::initializer_list<std::uint8_t> tail = {}) {
        const std::size_t size = 2 + head.size() + 4 * words.size() + tail.size();
        lib::append_object(entries_, type);
        lib::append_object(entries_, static_cast<std::uint8_t>(size));
        for (const std::uint8_t byte : head) lib::append_object(entries_, byte);
        for (const std::uint32_t word : words) lib::append_object(entries_, word);
        for (const std::uint8_t byte : tail) lib::append_object(entries_, byte);
        return *this;
    }

    // The table alone.
    lib::Blob table() const {
        lib::Blob body(8);  // the local APIC's address, flags
        lib::append(body, entries_.data(), entries_.size());
        return with_header("APIC", body);
    }

    // Memory: root pointer at 16, list of tables, another table, ours. `wide`: addresses of 8 bytes.
    static constexpr std::uint64_t kRoot = 16;
    lib::Blob memory(bool wide) const {
        constexpr std::uint64_t kList = 64, kOther = 128, kOurs = 192;
        lib::Blob list;
        for (const std::uint64_t address : {kOther, kOurs}) {
            if (wide) lib::append_object(list, address);
            if (!wide) lib::append_object(list, static_cast<std::uint32_t>(address));
        }
        lib::Blob memory(kRoot);
        lib::append(memory, root_pointer(wide, kList));
        put(memory, kList, with_header(wide ? "XSDT" : "RSDT", list));
        put(memory, kOther, with_header("FACP", lib::Blob(4)));
        put(memory, kOurs, table());
        return memory;
    }

private:
    static void seal(lib::Blob& blob, std::size_t checksum_at, std::size_t size) {
        unsigned sum = 0;
        for (std::size_t i = 0; i < size; i++) sum += static_cast<unsigned>(blob[i]);
        blob[checksum_at] = static_cast<std::byte>(0x100 - sum % 0x100);
    }

    static lib::Blob with_header(std::string_view letters, const lib::Blob& body) {
        lib::Blob table;
        lib::append(table, letters);
        lib::append_object(table, static_cast<std::uint32_t>(36 + body.size()));
        table.resize(36);
        lib::append(table, body.data(), body.size());
        seal(table, 9, table.size());
        return table;
    }

    static std::string root_pointer(bool wide, std::uint64_t list) {
        lib::Blob root;
        lib::append(root, "RSD PTR ");
        root.resize(15);
        lib::append_object(root, static_cast<std::uint8_t>(wide ? 2 : 0));
        lib::append_object(root, static_cast<std::uint32_t>(wide ? 0 : list));
        seal(root, 8, 20);
        lib::append_object(root, std::uint32_t{36});
        lib::append_object(root, list);
        return {reinterpret_cast<const char*>(root.data()), root.size()};
    }

    static void put(lib::Blob& memory, std::uint64_t address, const lib::Blob& bytes) {
        memory.resize(address);
        lib::append(memory, bytes.data(), bytes.size());
    }

    lib::Blob entries_;
};

// Two CPUs of three, one line that goes elsewhere, and entries that nobody reads.
inline AcpiBuilder sample_acpi() {
    return AcpiBuilder()
        .local_apic(0)
        .local_apic(7)
        .local_apic(3, 0)
        .io_apic(0xfec10000, 24)
        .io_apic(0xfec00000)
        .override_line(0, 2)
        .override_line(4, 20)
        .entry(9, {1, 2}, {3, 4, 5});
}

}  // namespace arch
