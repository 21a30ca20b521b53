// Contract: acpi.h.
#include "arch/x86_64/acpi.h"

namespace arch {

namespace {

using lib::Bytes;

constexpr std::size_t kHeaderSize = 36;       // of every table
constexpr std::size_t kLengthOffset = 4;      // in it
constexpr std::size_t kRootPointerSize = 20;  // as far as its first checksum covers it
constexpr std::size_t kOldRootOffset = 16, kNewRootOffset = 24, kRevisionOffset = 15;

bool sums_to_zero(Bytes bytes) {
    unsigned sum = 0;
    for (const std::byte byte : bytes) sum += static_cast<unsigned>(byte);
    return sum % 256 == 0;
}

bool begins_with(Bytes bytes, const char* letters) {
    for (std::size_t i = 0; letters[i] != '\0'; i++) {
        if (i >= bytes.size() || bytes[i] != static_cast<std::byte>(letters[i])) return false;
    }
    return true;
}

Result<Bytes> table_at(Bytes memory, uint64_t address) {
    const Bytes header = TRY(lib::slice(memory, address, kHeaderSize));
    const auto length = TRY(lib::object_at<uint32_t>(header, kLengthOffset));
    if (length < kHeaderSize) return Errno{EINVAL};
    const Bytes table = TRY(lib::slice(memory, address, length));
    if (!sums_to_zero(table)) return Errno{EINVAL};
    return table;
}

// The list of all tables: addresses of 4 bytes, or of 8 since version 2.
struct Root {
    Bytes table;
    std::size_t address_size;
};

Result<Root> find_root(Bytes memory, uint64_t pointer) {
    const Bytes bytes = TRY(lib::slice(memory, pointer, kRootPointerSize));
    if (!begins_with(bytes, "RSD PTR ") || !sums_to_zero(bytes)) return Errno{EINVAL};
    if (TRY(lib::object_at<uint8_t>(bytes, kRevisionOffset)) >= 2) {
        const auto list = TRY(lib::object_at<uint64_t>(memory, pointer + kNewRootOffset));
        return Root{TRY(table_at(memory, list)), 8};
    }
    return Root{TRY(table_at(memory, TRY(lib::object_at<uint32_t>(bytes, kOldRootOffset)))), 4};
}

}  // namespace

Result<Bytes> find_acpi_table(Bytes memory, uint64_t root, const char (&letters)[5]) {
    const Root list = TRY(find_root(memory, root));
    for (std::size_t at = kHeaderSize; at + list.address_size <= list.table.size();
         at += list.address_size) {
        const uint64_t address = list.address_size == 8
                                     ? TRY(lib::object_at<uint64_t>(list.table, at))
                                     : TRY(lib::object_at<uint32_t>(list.table, at));
        if (begins_with(TRY(lib::slice(memory, address, 4)), letters)) {
            return table_at(memory, address);
        }
    }
    return Errno{ENOENT};
}

namespace {

enum EntryType : uint8_t { kLocalApic = 0, kIoApic = 1, kOverride = 2 };
constexpr std::size_t kFirstEntry = kHeaderSize + 8;
constexpr uint32_t kUsable = 1;

Result<void> read_entry(Bytes entry, InterruptHardware& found) {
    switch (TRY(lib::object_at<uint8_t>(entry, 0))) {
        case kLocalApic:
            if ((TRY(lib::object_at<uint32_t>(entry, 4)) & kUsable) == 0) break;
            if (found.cpu_count == InterruptHardware::kMostCpus) break;
            found.cpus[found.cpu_count++] = TRY(lib::object_at<uint8_t>(entry, 3));
            break;
        case kIoApic:
            // The one whose pins are numbered from 0 has the lines of the old devices.
            if (TRY(lib::object_at<uint32_t>(entry, 8)) != 0) break;
            found.io_apic = TRY(lib::object_at<uint32_t>(entry, 4));
            break;
        case kOverride: {
            const auto line = TRY(lib::object_at<uint8_t>(entry, 3));
            if (line >= InterruptHardware::kOldLines) return Errno{EINVAL};
            found.pin_of_line[line] = TRY(lib::object_at<uint32_t>(entry, 4));
            break;
        }
        default: break;  // of no use to us
    }
    return {};
}

}  // namespace

Result<InterruptHardware> read_interrupt_hardware(Bytes table) {
    InterruptHardware found = {};
    for (uint32_t line = 0; line < InterruptHardware::kOldLines; line++) {
        found.pin_of_line[line] = line;
    }
    for (std::size_t at = kFirstEntry; at < table.size();) {
        const auto size = TRY(lib::object_at<uint8_t>(table, at + 1));
        if (size < 2) return Errno{EINVAL};
        TRY(read_entry(TRY(lib::slice(table, at, size)), found));
        at += size;
    }
    if (found.cpu_count == 0 || found.io_apic == 0) return Errno{EINVAL};
    return found;
}

}  // namespace arch
