#include "sync/sync_test.h"

#include "fs/initial/initial_file_system.h"

#include <gtest/gtest.h>
#include <linux/fcntl.h>

#include <cstddef>

#include "fs/file.h"
#include "fs/initial/cpio_sample.h"
#include "fs/paths.h"
#include "fs/ram/memory_sample.h"
#include "mm/frames.h"

namespace fs {
namespace {

std::string big_text() {
    std::string text;
    for (int i = 0; text.size() < 10000; i++) text += std::to_string(i) + "\n";
    return text;
}

lib::Blob archive() {
    return CpioBuilder()
        .add(".", "", 040755)
        .add("bin", "", 040700)
        .add("bin/sh", "old", 0100755)
        .add("./bin/sh", "#!new", 0100750)
        .add("lib", "usr/lib", 0120777)
        .add("usr/lib/deep/big", big_text(), 0100444)
        .add("dev/ttyS0", "", 0020600)
        .add("bin", "", 040711)
        .finish();
}

class InitialFileSystem : public testing::Test {
protected:
    void SetUp() override {
        auto root = MUST(build_initial_file_system(archive_));
        viewpoint_ = {root, root};
    }
    void TearDown() override { host::user_memory.clear(); }

    RefPtr<Node> find(const char* path) {
        return MUST(find_node(viewpoint_, viewpoint_.root, path, LastLink::kKeep));
    }
    RefPtr<File> open(const char* path) { return MUST(find(path)->open(O_RDONLY)); }

    static std::string read(File& file, uint64_t position, size_t size) {
        std::string text(size, '?');
        mm::IoBuffer buffer;
        buffer.add_kernel({reinterpret_cast<uint8_t*>(text.data()), size});
        text.resize(MUST(file.read(buffer, position)));
        return text;
    }

    const lib::Blob archive_ = archive();
    Viewpoint viewpoint_;
};

TEST_F(InitialFileSystem, HasTheFilesOfTheArchive) {
    EXPECT_EQ(find("/bin/sh")->mode(), 0100750U);
    EXPECT_EQ(find("/bin/sh")->size(), 5U);
    EXPECT_EQ(find("/lib")->mode(), 0120777U);
    EXPECT_EQ(lib::as_string(MUST(find("/lib")->target())), "usr/lib");
    EXPECT_EQ(find("/lib/deep/big")->size(), big_text().size());
    EXPECT_EQ(find("/usr")->mode(), 040755U);  // which the archive does not mention
    EXPECT_EQ(find("/dev/ttyS0")->open(O_RDONLY).error(), Errno{ENXIO});
    EXPECT_EQ(find("/")->links(), 5U);  // bin, usr, dev
}

TEST_F(InitialFileSystem, LaterEntryCountsAndDirectoriesStay) {
    EXPECT_EQ(read(*open("/bin/sh"), 0, 100), "#!new");
    EXPECT_EQ(find("/bin")->mode(), 040700U);
}

TEST_F(InitialFileSystem, ReadingGivesTheBytesOfTheFileAndNothingBehind) {
    const std::string big = big_text();
    const RefPtr<File> file = open("/usr/lib/deep/big");
    EXPECT_EQ(read(*file, 0, 20000), big);
    EXPECT_EQ(read(*file, 4090, 12), big.substr(4090, 12));
    EXPECT_EQ(read(*file, big.size() - 1, 5), big.substr(big.size() - 1));
    EXPECT_EQ(read(*file, big.size(), 5), "");
    EXPECT_EQ(read(*file, uint64_t{1} << 62, 5), "");
}

TEST_F(InitialFileSystem, PagesAreFilledOnceAndShared) {
    const RefPtr<mm::PageSource> pages = find("/usr/lib/deep/big")->pages();
    EXPECT_FALSE(pages->is_resident(1));
    const arch::PhysAddr first = MUST(pages->page(1));
    EXPECT_TRUE(pages->is_resident(1));
    EXPECT_EQ(MUST(pages->page(1)), first);
    EXPECT_EQ(host::frames.at(raw(first)), 3U);
    mm::release_frame(first);
    mm::release_frame(first);
    const arch::PhysAddr last = MUST(pages->page(2));
    const auto* bytes = arch::direct_map<char>(last);
    for (uint64_t i = big_text().size() % 4096; i < 4096; i++) EXPECT_EQ(bytes[i], '\0') << i;
    mm::release_frame(last);
    EXPECT_EQ(pages->page(3).error(), Errno{ENXIO});
    EXPECT_STREQ(pages->name(), "/usr/lib/deep/big");
    EXPECT_EQ(find("/bin/sh")->pages()->page(1).error(), Errno{ENXIO});
}

TEST_F(InitialFileSystem, ReadStopsWhereTheProgramsMemoryEnds) {
    host::user_memory.assign(5000, 0);
    const RefPtr<File> file = open("/usr/lib/deep/big");
    mm::IoBuffer whole;
    MUST(whole.add_user(mm::UserAddr{host::kUserBegin + 4000}, 5000));
    // Only whole pages end: the shim's memory ends inside of one, so the rest of the page is refused.
    EXPECT_EQ(MUST(file->read(whole, 0)), 96U);
    mm::IoBuffer none;
    MUST(none.add_user(mm::UserAddr{host::kUserBegin + 8192}, 10));
    EXPECT_EQ(file->read(none, 0).error(), Errno{EFAULT});
    EXPECT_EQ(none.add_user(mm::UserAddr{arch::kUserEnd - 4}, 5).error(), Errno{EFAULT});
    EXPECT_EQ(none.add_user(mm::UserAddr{0}, ~size_t{0}).error(), Errno{EFAULT});
}

TEST_F(InitialFileSystem, NoMemoryIsAnErrorBeforeTheFirstByteAndAShortReadAfter) {
    const RefPtr<File> file = open("/usr/lib/deep/big");
    std::string text(20000, '?');
    size_t moved = 0;
    for (unsigned failing = 1; moved < big_text().size(); failing++) {
        mm::IoBuffer buffer;
        buffer.add_kernel({reinterpret_cast<uint8_t*>(text.data()), text.size()});
        host::allocations_until_failure = failing;
        const auto result = file->read(buffer, 0);
        host::allocations_until_failure = 0;
        ASSERT_LT(failing, 10U);
        if (result) {
            moved = *result;
            EXPECT_TRUE(moved == big_text().size() || (moved != 0 && moved % 4096 == 0)) << moved;
        } else {
            EXPECT_EQ(result.error(), Errno{ENOMEM});
        }
    }
    EXPECT_EQ(read(*file, 0, 20000), big_text());
}

TEST_F(InitialFileSystem, BuildingItWithoutMemoryLosesNothing) {
    bool done = false;
    for (unsigned n = 1; !done; n++) {
        host::allocations_until_failure = n;
        done = build_initial_file_system(archive_).has_value();
        host::allocations_until_failure = 0;
        ASSERT_LT(n, 1000U);
    }
}

TEST_F(InitialFileSystem, LastOwnerGivesTheFramesBack) {
    read(*open("/usr/lib/deep/big"), 0, 20000);
    EXPECT_GE(host::frames.size(), 3U);
    viewpoint_ = {};
    EXPECT_EQ(host::frames.size(), 0U);
}

TEST_F(InitialFileSystem, DamagedArchiveIsEinval) {
    lib::spoil(sample_cpio(), [](const lib::Blob& spoiled) {
        const auto root = build_initial_file_system(spoiled);
        if (!root) {
            EXPECT_EQ(root.error(), Errno{EINVAL});
        }
    });
}

TEST_F(InitialFileSystem, SeekingFollowsLseek) {
    const RefPtr<File> file = open("/bin/sh");
    EXPECT_EQ(MUST(file->seek(2, SEEK_SET)), 2U);
    EXPECT_EQ(MUST(file->seek(2, SEEK_CUR)), 4U);
    EXPECT_EQ(MUST(file->seek(-1, SEEK_END)), 4U);
    EXPECT_EQ(MUST(file->seek(1000, SEEK_END)), 1005U);
    EXPECT_EQ(file->seek(-6, SEEK_END).error(), Errno{EINVAL});
    EXPECT_EQ(file->seek(INT64_MAX, SEEK_CUR).error(), Errno{EOVERFLOW});
    EXPECT_EQ(MUST(file->seek(3, SEEK_DATA)), 3U);
    EXPECT_EQ(MUST(file->seek(3, SEEK_HOLE)), 5U);
    EXPECT_EQ(file->seek(5, SEEK_DATA).error(), Errno{ENXIO});
    EXPECT_EQ(file->seek(0, 17).error(), Errno{EINVAL});
}

// The names that getdents64 gives, with calls of `size` bytes.
std::vector<std::string> list(DirectoryFile& directory, size_t size) {
    std::vector<std::string> names;
    for (;;) {
        std::vector<uint8_t> bytes(size);
        mm::IoBuffer buffer;
        buffer.add_kernel(bytes);
        const size_t filled = MUST(directory.list(buffer));
        if (filled == 0) return names;
        for (size_t at = 0; at < filled; at += bytes[at + 16] + 256U * bytes[at + 17]) {
            names.emplace_back(reinterpret_cast<const char*>(&bytes[at + 19]));
            names.back() += "/" + std::to_string(bytes[at + 18]);
        }
    }
}

TEST_F(InitialFileSystem, DirectoryIsListedWholeWhateverTheBuffer) {
    const std::vector<std::string> wanted = {"./4", "../4", "bin/4", "lib/10", "usr/4", "dev/4"};
    for (const size_t size : {24, 31, 48, 1000}) {
        const RefPtr<File> file = open("/");
        EXPECT_EQ(list(*file->as_directory(), size), wanted) << size;
        MUST(file->seek(0, SEEK_SET));
        EXPECT_EQ(list(*file->as_directory(), size), wanted) << size;
    }
    uint8_t few[23];
    mm::IoBuffer buffer;
    buffer.add_kernel(few);
    EXPECT_EQ(open("/")->as_directory()->list(buffer).error(), Errno{EINVAL});
}

}  // namespace
}  // namespace fs
