// Two layers: Walk goes through the nodes in the order of the blob and checks the encoding; the
// queries below it know what the properties mean.
#include "arch/riscv64/device_tree.h"

namespace arch {
namespace {

using lib::ByteReader;
using lib::Bytes;
using lib::Text;

constexpr std::uint32_t kMagic = 0xd00dfeed;
constexpr std::uint32_t kVersion = 17;
constexpr std::size_t kHeaderSize = 40;
constexpr std::size_t kMaxDepth = 16;
constexpr std::size_t kCellSize = 4;

enum Token : std::uint32_t { BeginNode = 1, EndNode = 2, Property = 3, Nop = 4, End = 9 };

// A number of `cells` 32-bit cells: none (0), one or two.
Result<std::uint64_t> read_cells(ByteReader& reader, std::uint32_t cells) {
    switch (cells) {
        case 0: return 0;
        case 1: return TRY(reader.big_endian<std::uint32_t>());
        case 2: return reader.big_endian<std::uint64_t>();
    }
    return Errno{EINVAL};  // wider numbers occur below PCI, where the kernel does not look
}

// A property whose value is one number of one or two cells.
Result<std::uint64_t> number_of(Bytes value) {
    ByteReader reader(value);
    if (value.size() != kCellSize && value.size() != 2 * kCellSize) {
        return Errno{EINVAL};
    }
    return read_cells(reader, static_cast<std::uint32_t>(value.size() / kCellSize));
}

Result<Text> text_of(Bytes value) { return ByteReader(value).terminated_text(); }

}  // namespace

// A node and its own properties (not those of its children).
struct DeviceTree::Node {
    Text name;
    Text parent;
    std::size_t depth = 0;  // 0: the root
    // How many cells an address and a size take in this node's `reg`: the parent says so.
    std::uint32_t address_cells = 2;
    std::uint32_t size_cells = 1;
    Bytes properties;
    Bytes strings;

    // The value, or ENOENT.
    Result<Bytes> property(Text wanted) const;
    // The number, or the default if there is no such property.
    Result<std::uint64_t> number_or(Text wanted, std::uint64_t otherwise) const;
    // Whether there is such a property, and it is this text.
    bool property_is(Text wanted, Text value) const;
    Result<bool> is_compatible(Text wanted) const;
    bool is_enabled() const;
};

// Goes through all nodes, parents before children. The encoding is checked on the way.
class DeviceTree::Walk {
public:
    explicit Walk(const Blocks& blocks) : blocks_(blocks), reader_(blocks.structure) {}

    // Fetches the next node; false if there is none.
    Result<bool> next(Node& node);

private:
    struct Level {
        Text name;
        std::uint32_t address_cells;
        std::uint32_t size_cells;
    };

    Result<std::uint32_t> token();
    Result<void> enter(Node& node);
    Result<Bytes> skip_properties();

    const Blocks& blocks_;
    ByteReader reader_;
    Level levels_[kMaxDepth];  // the nodes in which we stand, the root first
    std::size_t depth_ = 0;
    bool root_seen_ = false;
};

namespace {

struct PropertyEntry {
    Text name;
    Bytes value;
};

// What follows a Property token.
Result<PropertyEntry> read_property(ByteReader& reader, Bytes strings) {
    const auto size = TRY(reader.big_endian<std::uint32_t>());
    const auto name_offset = TRY(reader.big_endian<std::uint32_t>());
    const Bytes value = TRY(reader.bytes(size));
    TRY(reader.align(kCellSize));

    ByteReader names(strings);
    TRY(names.bytes(name_offset));
    return PropertyEntry{TRY(names.terminated_text()), value};
}

}  // namespace

Result<bool> DeviceTree::Walk::next(Node& node) {
    while (true) {
        switch (TRY(token())) {
            case BeginNode:
                if (depth_ == kMaxDepth || (depth_ == 0 && root_seen_)) {
                    return Errno{EINVAL};
                }
                root_seen_ = true;
                TRY(enter(node));
                return true;
            case EndNode:
                if (depth_ == 0) {
                    return Errno{EINVAL};
                }
                depth_--;
                break;
            case End:
                if (depth_ != 0 || !root_seen_) {
                    return Errno{EINVAL};
                }
                return false;
            default:  // properties were read with their node: one here follows a child
                return Errno{EINVAL};
        }
    }
}

Result<std::uint32_t> DeviceTree::Walk::token() {
    while (true) {
        const auto token = TRY(reader_.big_endian<std::uint32_t>());
        if (token != Nop) {
            return token;
        }
    }
}

Result<void> DeviceTree::Walk::enter(Node& node) {
    node = {};
    node.name = TRY(reader_.terminated_text());
    node.depth = depth_;
    node.strings = blocks_.strings;
    if (depth_ > 0) {
        const Level& parent = levels_[depth_ - 1];
        node.parent = parent.name;
        node.address_cells = parent.address_cells;
        node.size_cells = parent.size_cells;
    }
    TRY(reader_.align(kCellSize));
    node.properties = TRY(skip_properties());

    // What a node does not say about its children is 2 and 1 (specification 2.3.5).
    const auto address_cells = TRY(node.number_or("#address-cells", 2));
    const auto size_cells = TRY(node.number_or("#size-cells", 1));
    levels_[depth_++] = {node.name, static_cast<std::uint32_t>(address_cells),
                         static_cast<std::uint32_t>(size_cells)};
    return {};
}

// Reads past the properties and returns the part of the structure block that holds them.
Result<Bytes> DeviceTree::Walk::skip_properties() {
    const std::size_t begin = reader_.offset();
    while (true) {
        const ByteReader before = reader_;
        if (TRY(token()) != Property) {
            reader_ = before;
            return blocks_.structure.subspan(begin, before.offset() - begin);
        }
        TRY(read_property(reader_, blocks_.strings));
    }
}

Result<Bytes> DeviceTree::Node::property(Text wanted) const {
    ByteReader reader(properties);
    while (reader.remaining() > 0) {
        if (TRY(reader.big_endian<std::uint32_t>()) == Property) {
            const PropertyEntry entry = TRY(read_property(reader, strings));
            if (entry.name == wanted) {
                return entry.value;
            }
        }
    }
    return Errno{ENOENT};
}

Result<std::uint64_t> DeviceTree::Node::number_or(Text wanted, std::uint64_t otherwise) const {
    const auto value = property(wanted);
    if (!value) {
        return otherwise;
    }
    return number_of(*value);
}

bool DeviceTree::Node::property_is(Text wanted, Text value) const {
    const auto bytes = property(wanted);
    if (!bytes) {
        return false;
    }
    const auto text = text_of(*bytes);
    return text && *text == value;
}

Result<bool> DeviceTree::Node::is_compatible(Text wanted) const {
    const auto value = property("compatible");
    if (!value) {
        return false;
    }
    ByteReader names(*value);
    while (names.remaining() > 0) {
        if (TRY(names.terminated_text()) == wanted) {
            return true;
        }
    }
    return false;
}

bool DeviceTree::Node::is_enabled() const {
    return !property("status") || property_is("status", "okay") || property_is("status", "ok");
}

Result<std::size_t> device_tree_size(Bytes header) {
    ByteReader reader(header);
    if (TRY(reader.big_endian<std::uint32_t>()) != kMagic) {
        return Errno{EINVAL};
    }
    const std::size_t size = TRY(reader.big_endian<std::uint32_t>());
    if (size < kHeaderSize) {
        return Errno{EINVAL};
    }
    return size;
}

Result<DeviceTree> DeviceTree::parse(Bytes blob) {
    blob = TRY(lib::slice(blob, 0, TRY(device_tree_size(blob))));

    ByteReader header(blob);
    TRY(header.bytes(8));  // magic and total size, seen above
    const auto structure_offset = TRY(header.big_endian<std::uint32_t>());
    const auto strings_offset = TRY(header.big_endian<std::uint32_t>());
    TRY(header.big_endian<std::uint32_t>());  // where reserved memory is listed
    const auto version = TRY(header.big_endian<std::uint32_t>());
    const auto compatible_version = TRY(header.big_endian<std::uint32_t>());
    TRY(header.big_endian<std::uint32_t>());  // the boot CPU
    const auto strings_size = TRY(header.big_endian<std::uint32_t>());
    const auto structure_size = TRY(header.big_endian<std::uint32_t>());
    if (version < kVersion || compatible_version > kVersion) {
        return Errno{EINVAL};
    }

    const DeviceTree tree(Blocks{TRY(lib::slice(blob, structure_offset, structure_size)),
                                 TRY(lib::slice(blob, strings_offset, strings_size))});
    Walk walk(tree.blocks_);
    Node node;
    while (TRY(walk.next(node))) {
    }
    return tree;
}

Result<std::span<AddressRange>> DeviceTree::memory(std::span<AddressRange> storage) const {
    std::size_t count = 0;
    Walk walk(blocks_);
    Node node;
    while (TRY(walk.next(node))) {
        if (node.depth != 1 || !node.property_is("device_type", "memory") || !node.is_enabled()) {
            continue;
        }
        ByteReader reg(TRY(node.property("reg")));
        while (reg.remaining() > 0) {
            const auto base = TRY(read_cells(reg, node.address_cells));
            const auto size = TRY(read_cells(reg, node.size_cells));
            if (node.size_cells == 0 || size > UINT64_MAX - base) {
                return Errno{EINVAL};
            }
            if (count == storage.size()) {
                return Errno{ENOSPC};
            }
            storage[count++] = {base, size};
        }
    }
    return storage.first(count);
}

Result<std::span<std::uint64_t>> DeviceTree::hart_ids(std::span<std::uint64_t> storage) const {
    std::size_t count = 0;
    Walk walk(blocks_);
    Node node;
    while (TRY(walk.next(node))) {
        if (node.depth != 2 || node.parent != "cpus" || !node.property_is("device_type", "cpu") ||
            !node.is_enabled()) {
            continue;
        }
        ByteReader reg(TRY(node.property("reg")));
        if (node.address_cells == 0) {
            return Errno{EINVAL};
        }
        if (count == storage.size()) {
            return Errno{ENOSPC};
        }
        storage[count++] = TRY(read_cells(reg, node.address_cells));
    }
    return storage.first(count);
}

Result<std::uint64_t> DeviceTree::timebase_frequency() const {
    Walk walk(blocks_);
    Node node;
    while (TRY(walk.next(node))) {
        if (node.depth == 1 && node.name == "cpus") {
            const auto frequency = TRY(number_of(TRY(node.property("timebase-frequency"))));
            if (frequency == 0) {
                return Errno{EINVAL};
            }
            return frequency;
        }
    }
    return Errno{ENOENT};
}

Result<DeviceTree::Chosen> DeviceTree::chosen() const {
    Chosen chosen;
    Walk walk(blocks_);
    Node node;
    while (TRY(walk.next(node))) {
        if (node.depth != 1 || node.name != "chosen") {
            continue;
        }
        if (const auto boot_args = node.property("bootargs")) {
            chosen.boot_args = TRY(text_of(*boot_args));
        }
        const auto begin = TRY(node.number_or("linux,initrd-start", 0));
        const auto end = TRY(node.number_or("linux,initrd-end", 0));
        if (end < begin) {
            return Errno{EINVAL};
        }
        chosen.initrd = {begin, end - begin};
        break;
    }
    return chosen;
}

Result<DeviceTree::Device> DeviceTree::find_compatible(Text name) const {
    Walk walk(blocks_);
    Node node;
    while (TRY(walk.next(node))) {
        if (!TRY(node.is_compatible(name)) || !node.is_enabled()) {
            continue;
        }
        ByteReader reg(TRY(node.property("reg")));
        Device device;
        device.registers.base = TRY(read_cells(reg, node.address_cells));
        device.registers.size = TRY(read_cells(reg, node.size_cells));
        if (const auto interrupts = node.property("interrupts")) {
            device.interrupt = TRY(ByteReader(*interrupts).big_endian<std::uint32_t>());
        }
        return device;
    }
    return Errno{ENOENT};
}

}  // namespace arch
