#include "arch/x86_64/acpi.h"

#include <gtest/gtest.h>

#include "arch/x86_64/acpi_sample.h"

namespace arch {
namespace {

TEST(Acpi, TableIsFoundInListsOfBothWidths) {
    for (const bool wide : {false, true}) {
        const lib::Blob memory = sample_acpi().memory(wide);
        const auto table = find_acpi_table(memory, AcpiBuilder::kRoot, "APIC");
        ASSERT_TRUE(table) << wide;
        EXPECT_EQ(lib::Blob(table->begin(), table->end()), sample_acpi().table());
        EXPECT_TRUE(find_acpi_table(memory, AcpiBuilder::kRoot, "FACP"));
    }
}

TEST(Acpi, WhatIsNotThereIsNotFound) {
    const lib::Blob memory = sample_acpi().memory(true);
    EXPECT_EQ(find_acpi_table(memory, AcpiBuilder::kRoot, "HPET").error(), Errno{ENOENT});
    EXPECT_EQ(find_acpi_table(memory, 0, "APIC").error(), Errno{EINVAL});
    EXPECT_EQ(find_acpi_table(memory, memory.size() + 5, "APIC").error(), Errno{EINVAL});
    EXPECT_EQ(find_acpi_table(memory, ~std::uint64_t{0}, "APIC").error(), Errno{EINVAL});
}

TEST(Acpi, CpusThatMayBeUsedAreCounted) {
    const lib::Blob table = sample_acpi().table();
    auto found = read_interrupt_hardware(table);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->cpu_count, 2U);
    EXPECT_EQ(found->cpus[0], 0U);
    EXPECT_EQ(found->cpus[1], 7U);
}

TEST(Acpi, ControllerOfTheFirstPinsIsTaken) {
    EXPECT_EQ(read_interrupt_hardware(sample_acpi().table())->io_apic, 0xfec00000U);
}

TEST(Acpi, LinesGoToTheirOwnPinOrElsewhere) {
    const auto found = read_interrupt_hardware(sample_acpi().table());
    EXPECT_EQ(found->pin_of_line[0], 2U);
    EXPECT_EQ(found->pin_of_line[1], 1U);
    EXPECT_EQ(found->pin_of_line[4], 20U);
}

TEST(Acpi, MoreCpusThanFitAreLeftOut) {
    AcpiBuilder builder = sample_acpi();
    for (unsigned i = 0; i < 100; i++) builder.local_apic(static_cast<std::uint8_t>(100 + i));
    EXPECT_EQ(read_interrupt_hardware(builder.table())->cpu_count, InterruptHardware::kMostCpus);
}

TEST(Acpi, TableWithoutCpuOrControllerIsRefused) {
    EXPECT_FALSE(read_interrupt_hardware(AcpiBuilder().local_apic(0).table()));
    EXPECT_FALSE(read_interrupt_hardware(AcpiBuilder().io_apic(0xfec00000).table()));
}

TEST(Acpi, EntriesThatLieAboutTheirSizeAreRefused) {
    lib::Blob table = sample_acpi().table();
    for (const unsigned size : {0U, 1U, 3U, 255U}) {
        table[45] = static_cast<std::byte>(size);  // of the first entry
        EXPECT_FALSE(read_interrupt_hardware(table)) << size;
    }
}

TEST(Acpi, LineThatNoPcHasIsRefused) {
    EXPECT_FALSE(read_interrupt_hardware(sample_acpi().override_line(16, 1).table()));
}

TEST(Acpi, SpoiledMemoryIsNeverLeft) {
    for (const bool wide : {false, true}) {
        lib::spoil(sample_acpi().memory(wide), [](const lib::Blob& memory) {
            const auto table = find_acpi_table(memory, AcpiBuilder::kRoot, "APIC");
            if (table) static_cast<void>(read_interrupt_hardware(*table));
        });
    }
    lib::spoil(sample_acpi().table(),
               [](const lib::Blob& table) { static_cast<void>(read_interrupt_hardware(table)); });
}

}  // namespace
}  // namespace arch
