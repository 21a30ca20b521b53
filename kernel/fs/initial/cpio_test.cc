#include "fs/initial/cpio.h"

#include <gtest/gtest.h>

#include "fs/initial/cpio_sample.h"

namespace fs {
namespace {

std::string content(const lib::Blob& archive, const char* path) {
    const auto entry = find_in_cpio(archive, path);
    EXPECT_TRUE(entry) << path;
    return entry
               ? std::string(reinterpret_cast<const char*>(entry->data.data()), entry->data.size())
               : "";
}

Errno find_error(const lib::Blob& archive) { return find_in_cpio(archive, "a").error(); }

TEST(Cpio, PathIsFoundWithOrWithoutSlashAndDotInFront) {
    const lib::Blob archive = sample_cpio();
    for (const char* path : {"bin/sh", "/bin/sh", "./bin/sh", "//bin/sh", "/./bin/sh"}) {
        EXPECT_EQ(content(archive, path), "#!");
    }
    EXPECT_EQ(content(archive, "empty"), "");
    EXPECT_EQ(find_in_cpio(archive, "/")->mode, 040755U);
    EXPECT_EQ(find_in_cpio(archive, "/init")->mode, 0100644U);
}

TEST(Cpio, WhatIsNotThereIsNotFound) {
    const lib::Blob archive = sample_cpio();
    for (const char* path : {"ini", "initx", "bin", "sh", "TRAILER!!!"}) {
        EXPECT_EQ(find_in_cpio(archive, path).error(), Errno{ENOENT}) << path;
    }
}

TEST(Cpio, LastOfTwoEntriesCounts) { EXPECT_EQ(content(sample_cpio(), "init"), "program"); }

TEST(Cpio, EntriesComeInTheirOrder) {
    const lib::Blob archive = sample_cpio();
    CpioReader reader(archive);
    CpioEntry entry;
    std::string paths;
    while (MUST(reader.next(entry))) {
        paths += lib::as_string(entry.path) + " ";
    }
    EXPECT_EQ(paths, " init bin/sh empty init ");
}

TEST(Cpio, MissingTrailerIsMalformed) {
    EXPECT_EQ(find_error({}), Errno{EINVAL});
    EXPECT_EQ(find_error(CpioBuilder().add("a", "1").without_trailer()), Errno{EINVAL});
}

TEST(Cpio, NameMustEndWithItsOnlyNul) {
    EXPECT_EQ(find_error(CpioBuilder().add("a", "", 0, 0).finish()), Errno{EINVAL});
    EXPECT_EQ(find_error(CpioBuilder().add("abc", "", 0, 3).finish()), Errno{EINVAL});
    EXPECT_EQ(find_error(CpioBuilder().add("abc", "", 0, 6).finish()), Errno{EINVAL});
    EXPECT_EQ(find_error(CpioBuilder().add("abc", "", 0, 0x7fffffff).finish()), Errno{EINVAL});
}

TEST(Cpio, DataBehindTheEndIsMalformed) {
    EXPECT_EQ(find_error(CpioBuilder().add("a", "12", 0, -1, 0xffffffff).finish()), Errno{EINVAL});
    EXPECT_EQ(find_error(CpioBuilder().add("a", "12", 0, -1, 5000).finish()), Errno{EINVAL});
}

TEST(Cpio, HeaderOfAnotherFormatIsMalformed) {
    lib::Blob archive = sample_cpio();
    archive[5] = std::byte{'2'};
    EXPECT_EQ(find_error(archive), Errno{EINVAL});
    archive = sample_cpio();
    archive[20] = std::byte{'g'};
    EXPECT_EQ(find_error(archive), Errno{EINVAL});
}

TEST(Cpio, SpoiledArchiveIsNeverReadOutside) {
    lib::spoil(sample_cpio(), [](const lib::Blob& archive) {
        const auto entry = find_in_cpio(archive, "init");
        if (entry) {
            EXPECT_LE(entry->data.size(), archive.size());
        }
    });
}

}  // namespace
}  // namespace fs
