#include "arch/riscv64/device_tree.h"

#include <gtest/gtest.h>

#include <vector>

#include "arch/riscv64/device_tree_sample.h"

namespace arch {
namespace {

// The result borrows the blob, so the blob has a name.
Errno parse_error(const lib::Blob& blob) { return DeviceTree::parse(blob).error(); }

TEST(DeviceTree, MemoryIsEveryRangeOfEveryMemoryNode) {
    const lib::Blob blob = sample_device_tree();
    AddressRange storage[4];
    const auto ranges = MUST(MUST(DeviceTree::parse(blob)).memory(storage));
    ASSERT_EQ(ranges.size(), 2U);
    EXPECT_EQ(ranges[0].base, 0x80000000U);
    EXPECT_EQ(ranges[0].size, 0x8000000U);
    EXPECT_EQ(ranges[1].base, 0x100000000U);
}

TEST(DeviceTree, StorageThatIsTooSmallIsAnError) {
    const lib::Blob blob = sample_device_tree();
    const DeviceTree tree = MUST(DeviceTree::parse(blob));
    AddressRange range[1];
    std::uint64_t hart[1];
    EXPECT_EQ(tree.memory(range).error(), Errno{ENOSPC});
    EXPECT_EQ(tree.hart_ids(hart).error(), Errno{ENOSPC});
}

TEST(DeviceTree, DisabledCpusAreNotCounted) {
    const lib::Blob blob = sample_device_tree();
    std::uint64_t storage[4];
    const auto harts = MUST(MUST(DeviceTree::parse(blob)).hart_ids(storage));
    EXPECT_EQ(std::vector(harts.begin(), harts.end()), (std::vector<std::uint64_t>{0, 1}));
}

TEST(DeviceTree, TimebaseIsThatOfTheCpusNode) {
    const lib::Blob blob = sample_device_tree();
    EXPECT_EQ(MUST(DeviceTree::parse(blob)).timebase_frequency().value(), 10'000'000U);
}

TEST(DeviceTree, ChosenTellsArgumentsAndInitrdInOneOrTwoCells) {
    const lib::Blob blob = sample_device_tree();
    const auto chosen = MUST(MUST(DeviceTree::parse(blob)).chosen());
    EXPECT_EQ(chosen.boot_args, "init=/first seed=7");
    EXPECT_EQ(chosen.initrd.base, 0x88000000U);
    EXPECT_EQ(chosen.initrd.size, 0x1234U);
}

TEST(DeviceTree, DeviceIsFoundByAnyOfItsNamesUnlessDisabled) {
    const lib::Blob blob = sample_device_tree();
    const DeviceTree tree = MUST(DeviceTree::parse(blob));
    const auto device = MUST(tree.find_compatible("ns16550a"));
    EXPECT_EQ(device.registers.base, 0x10000000U);
    EXPECT_EQ(device.registers.size, 0x100U);
    EXPECT_EQ(device.interrupt, 10U);
    EXPECT_TRUE(tree.find_compatible("vendor,uart"));
    EXPECT_EQ(tree.find_compatible("ns16550").error(), Errno{ENOENT});
}

TEST(DeviceTree, TreeWithoutTheUsualNodesHasNothing) {
    const lib::Blob blob = DeviceTreeBuilder().begin("").end().finish();
    const DeviceTree tree = MUST(DeviceTree::parse(blob));
    AddressRange ranges[1];
    std::uint64_t harts[1];
    EXPECT_TRUE(MUST(tree.memory(ranges)).empty());
    EXPECT_TRUE(MUST(tree.hart_ids(harts)).empty());
    EXPECT_EQ(tree.timebase_frequency().error(), Errno{ENOENT});
    EXPECT_TRUE(MUST(tree.chosen()).boot_args.empty());
    EXPECT_EQ(MUST(tree.chosen()).initrd.size, 0U);
}

TEST(DeviceTree, ChildWithoutSizeOfCellsUsesTwoAndOne) {
    DeviceTreeBuilder builder;
    builder.begin("").begin("uart").text("compatible", "u").cells("reg", {1, 2, 3}).end().end();
    const lib::Blob blob = builder.finish();
    const auto device = MUST(MUST(DeviceTree::parse(blob)).find_compatible("u"));
    EXPECT_EQ(device.registers.base, 0x100000002U);
    EXPECT_EQ(device.registers.size, 3U);
    EXPECT_EQ(device.interrupt, 0U);
}

TEST(DeviceTree, WrongNestingIsMalformed) {
    EXPECT_EQ(parse_error(DeviceTreeBuilder().finish()), Errno{EINVAL});
    EXPECT_EQ(parse_error(DeviceTreeBuilder().begin("").finish()), Errno{EINVAL});
    EXPECT_EQ(parse_error(DeviceTreeBuilder().end().finish()), Errno{EINVAL});
    EXPECT_EQ(parse_error(DeviceTreeBuilder().begin("").end().begin("").end().finish()),
              Errno{EINVAL});
    DeviceTreeBuilder deep;
    for (int level = 0; level < 17; level++) {
        deep.begin("n");
    }
    for (int level = 0; level < 17; level++) {
        deep.end();
    }
    EXPECT_EQ(parse_error(deep.finish()), Errno{EINVAL});
}

TEST(DeviceTree, UnknownTokenAndLatePropertyAreMalformed) {
    EXPECT_EQ(parse_error(DeviceTreeBuilder().begin("").cell(7).end().finish()), Errno{EINVAL});
    DeviceTreeBuilder late;
    late.begin("").begin("child").end().text("late", "property").end();
    EXPECT_EQ(parse_error(late.finish()), Errno{EINVAL});
}

TEST(DeviceTree, NumbersOfAWrongSizeAreErrors) {
    DeviceTreeBuilder builder;
    builder.begin("").cells("#address-cells", {2}).cells("#size-cells", {2});
    builder.begin("memory").text("device_type", "memory").cells("reg", {0, 1, 0}).end();
    builder.begin("cpus").cells("timebase-frequency", {1, 2, 3}).end();
    builder.begin("chosen").cells("linux,initrd-start", {9}).cells("linux,initrd-end", {8}).end();
    builder.end();
    const lib::Blob blob = builder.finish();
    const DeviceTree tree = MUST(DeviceTree::parse(blob));
    AddressRange storage[2];
    EXPECT_EQ(tree.memory(storage).error(), Errno{EINVAL});
    EXPECT_EQ(tree.timebase_frequency().error(), Errno{EINVAL});
    EXPECT_EQ(tree.chosen().error(), Errno{EINVAL});
}

TEST(DeviceTree, RangeThatWrapsAroundIsAnError) {
    DeviceTreeBuilder builder;
    builder.begin("").cells("#address-cells", {2}).cells("#size-cells", {2});
    builder.begin("memory").text("device_type", "memory").cells("reg", {~0U, ~0U, 0, 2}).end();
    const lib::Blob blob = builder.end().finish();
    AddressRange storage[2];
    EXPECT_EQ(MUST(DeviceTree::parse(blob)).memory(storage).error(), Errno{EINVAL});
}

TEST(DeviceTree, SizeIsReadFromTheFirstEightBytes) {
    const lib::Blob blob = sample_device_tree();
    EXPECT_EQ(device_tree_size(lib::Bytes(blob).first(8)).value(), blob.size());
    EXPECT_EQ(device_tree_size(lib::Bytes(blob).first(7)).error(), Errno{EINVAL});
    EXPECT_EQ(device_tree_size(lib::Blob(40)).error(), Errno{EINVAL});
}

TEST(DeviceTree, SpoiledBlobIsNeverReadOutside) {
    int accepted = 0;
    lib::spoil(sample_device_tree(), [&](const lib::Blob& blob) {
        const auto tree = DeviceTree::parse(blob);
        if (!tree) {
            return;
        }
        accepted++;
        AddressRange ranges[2];
        std::uint64_t harts[2];
        static_cast<void>(tree->memory(ranges));
        static_cast<void>(tree->hart_ids(harts));
        static_cast<void>(tree->timebase_frequency());
        static_cast<void>(tree->chosen());
        static_cast<void>(tree->find_compatible("ns16550a"));
    });
    EXPECT_GT(accepted, 0);  // a changed address, for instance
}

}  // namespace
}  // namespace arch
