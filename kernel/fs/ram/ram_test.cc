#include "sync/sync_test.h"

#include <gtest/gtest.h>
#include <linux/fcntl.h>
#include <linux/fs.h>

#include <string>
#include <vector>

#include "fs/file.h"
#include "fs/permission.h"
#include "fs/ram/file.h"
#include "fs/ram/memory_sample.h"
#include "lib/sample.h"
#include "mm/frames.h"

namespace fs {
namespace {

const core::Credentials kRoot;

core::Credentials user(uint32_t uid) {
    core::Credentials who;
    who.uid = who.euid = who.fsuid = uid;
    who.gid = who.egid = who.fsgid = uid;
    return who;
}

class Ram : public testing::Test {
protected:
    void SetUp() override {
        root_ = MUST(lib::make_ref<RamDirectory>(FileSystem::kRoot, S_IFDIR | 0777));
    }
    void TearDown() override {
        root_ = {};
        EXPECT_EQ(ram_usage().pages, 0U);
        EXPECT_EQ(host::frames.size(), 0U);
    }

    static RefPtr<Node> make(RamDirectory& directory, lib::Text name, uint32_t mode,
                             const core::Credentials& who = kRoot) {
        return MUST(directory.create(name, {.mode = mode}, who));
    }
    RefPtr<RamFile> file(lib::Text name) {
        return RefPtr<RamFile>(static_cast<RamFile&>(*make(*root_, name, S_IFREG | 0644)));
    }
    RamDirectory& directory(RamDirectory& parent, lib::Text name, uint32_t mode = 0777) {
        return *make(parent, name, S_IFDIR | mode)->as_ram_directory();
    }
    static Result<size_t> write(RamFile& file, std::string text, uint64_t position) {
        mm::IoBuffer buffer;
        buffer.add_kernel({reinterpret_cast<uint8_t*>(text.data()), text.size()});
        return file.write(buffer, position, RamFile::Where::kPosition);
    }
    static std::string read(Node& node, uint64_t position, size_t size) {
        std::string text(size, '?');
        mm::IoBuffer buffer;
        buffer.add_kernel({reinterpret_cast<uint8_t*>(text.data()), size});
        text.resize(MUST(MUST(node.open(O_RDONLY))->read(buffer, position)));
        return text;
    }
    Result<void> rename(RamDirectory& from, lib::Text old_name, RamDirectory& to,
                        lib::Text new_name, unsigned flags = 0,
                        const core::Credentials& who = kRoot) {
        return RamDirectory::rename({from, old_name, false, to, new_name, false, flags}, who);
    }
    static std::vector<std::string> names(RamDirectory& directory) {
        std::vector<std::string> found;
        DirectoryEntry entry;
        for (uint64_t at = 2; MUST(directory.entry_at(at, entry)); at = entry.next) {
            found.emplace_back(entry.name, entry.name_size);
        }
        return found;
    }

    RefPtr<RamDirectory> root_;
};

TEST_F(Ram, RemovedFileLivesAsLongAsItsLastUser) {
    RefPtr<RamFile> kept = file("f");
    MUST(write(*kept, "still here", 0));
    MUST(root_->add_child("g", kept, kRoot));
    EXPECT_EQ(kept->links(), 2U);
    MUST(root_->remove("f", RamDirectory::Kind::kFile, kRoot));
    MUST(root_->remove("g", RamDirectory::Kind::kFile, kRoot));
    EXPECT_EQ(kept->links(), 0U);
    EXPECT_EQ(read(*kept, 0, 100), "still here");
    EXPECT_EQ(ram_usage().pages, 1U);
}

TEST_F(Ram, HolesReadAsZerosAndHaveNoMemory) {
    RefPtr<RamFile> sparse = file("f");
    MUST(write(*sparse, "end", uint64_t{1} << 40));
    EXPECT_EQ(sparse->size(), (uint64_t{1} << 40) + 3);
    EXPECT_EQ(read(*sparse, 1 << 30, 5), std::string(5, '\0'));
    EXPECT_EQ(ram_usage().pages, 1U);
    EXPECT_EQ(sparse->sectors(), 8U);
    MUST(write(*sparse, "begin", 0));
    EXPECT_EQ(read(*sparse, uint64_t{1} << 40, 9), "end");
    EXPECT_EQ(write(*sparse, "x", RamFile::kLongest).error(), Errno{EFBIG});
}

TEST_F(Ram, WhatIsCutOffReadsAsZerosWhenTheFileGrowsAgain) {
    RefPtr<RamFile> cut = file("f");
    MUST(write(*cut, std::string(10000, 'x'), 0));
    MUST(cut->resize(5000));
    EXPECT_EQ(ram_usage().pages, 2U);
    MUST(cut->resize(10000));
    EXPECT_EQ(read(*cut, 4998, 4), std::string("xx\0\0", 4));
    EXPECT_EQ(read(*cut, 9000, 2), std::string(2, '\0'));
    EXPECT_EQ(ram_usage().pages, 2U);
}

TEST_F(Ram, WhatAReaderHoldsOfWhatIsCutOffIsNotTheFilesAnyMore) {
    RefPtr<RamFile> cut = file("f");
    MUST(write(*cut, "mapped", 0));
    const arch::PhysAddr frame = MUST(cut->pages()->page(0));
    MUST(cut->resize(0));
    EXPECT_EQ(ram_usage().pages, 0U);
    EXPECT_EQ(cut->pages()->page(0).error(), Errno{ENXIO});
    MUST(write(*cut, "again", 0));
    EXPECT_NE(*arch::direct_map<char>(frame), 'a');
    mm::release_frame(frame);
}

TEST_F(Ram, HolesReadAsZerosAndTakeNoMemory) {
    RefPtr<RamFile> holed = file("f");
    MUST(write(*holed, std::string(20000, 'x'), 0));
    MUST(holed->punch(100, 200));
    EXPECT_EQ(read(*holed, 98, 104), "xx" + std::string(100, '\0') + "xx");
    MUST(holed->punch(4000, 12300));
    EXPECT_EQ(ram_usage().pages, 3U);
    EXPECT_EQ(read(*holed, 3999, 8302), "x" + std::string(8300, '\0') + "x");
    MUST(holed->punch(8192, INT64_MAX));
    EXPECT_EQ(holed->size(), 20000U);
    EXPECT_EQ(ram_usage().pages, 1U);
    // What somebody shows becomes zeros where it is.
    const arch::PhysAddr frame = MUST(holed->pages()->page(0));
    MUST(holed->punch(0, 4096));
    EXPECT_EQ(*arch::direct_map<char>(frame), '\0');
    MUST(write(*holed, "again", 0));
    EXPECT_EQ(*arch::direct_map<char>(frame), 'a');
    mm::release_frame(frame);
}

TEST_F(Ram, HolesInTheArchiveStay) {
    const std::string text(10000, 'a');
    RefPtr<RamPages> pages = MUST(lib::make_ref<RamPages>(std::as_bytes(std::span(text))));
    RefPtr<RamFile> holed =
        MUST(lib::make_ref<RamFile>(FileSystem::kRoot, S_IFREG | 0644, std::move(pages)));
    MUST(holed->punch(4000, 8200));
    EXPECT_EQ(read(*holed, 3999, 4202), "a" + std::string(4200, '\0') + "a");
}

TEST_F(Ram, EitherSomeWriteOrSomeRunAFile) {
    RefPtr<RamFile> program = file("f");
    const RefPtr<mm::PageSource> pages = program->pages();
    MUST(pages->add_runner());
    MUST(pages->add_runner());
    EXPECT_EQ(program->open(O_WRONLY).error(), Errno{ETXTBSY});
    MUST(program->open(O_RDONLY));
    pages->remove_runner();
    EXPECT_EQ(program->open(O_RDWR).error(), Errno{ETXTBSY});
    pages->remove_runner();
    {
        const RefPtr<File> writer = MUST(program->open(O_RDWR));
        EXPECT_EQ(pages->add_runner().error(), Errno{ETXTBSY});
    }
    MUST(pages->add_runner());
    pages->remove_runner();
}

TEST_F(Ram, ArchiveIsCopiedWhenItIsWrittenTo) {
    const std::string text(6000, 'a');
    RefPtr<RamPages> pages = MUST(lib::make_ref<RamPages>(std::as_bytes(std::span(text))));
    RefPtr<RamFile> copied =
        MUST(lib::make_ref<RamFile>(FileSystem::kRoot, S_IFREG | 0644, std::move(pages)));
    MUST(write(*copied, "B", 1));
    EXPECT_EQ(read(*copied, 0, 3), "aBa");
    EXPECT_EQ(text[1], 'a');
    MUST(copied->resize(4097));
    MUST(copied->resize(6000));
    EXPECT_EQ(read(*copied, 4096, 2), std::string("a\0", 2));
}

TEST_F(Ram, FilesLeaveHalfOfTheMemory) {
    RefPtr<RamFile> big = file("f");
    uint64_t position = 0;
    Result<size_t> written = 0;
    for (;;) {
        written = write(*big, std::string(4096, 'x'), position);
        if (!written) break;
        position += *written;
    }
    EXPECT_EQ(written.error(), Errno{ENOSPC});
    EXPECT_EQ(position, host::kFrames / 2 * 4096);
    EXPECT_EQ(big->reserve(position, position + 1, RamFile::Size::kExtend).error(), Errno{ENOSPC});
    EXPECT_EQ(big->size(), position);
}

TEST_F(Ram, ListGoesOnWhereItWasWhileNamesComeAndGo) {
    for (int i = 0; i < 300; i++) file(lib::as_text(std::to_string(i)));
    DirectoryEntry entry;
    int seen = 0;
    for (uint64_t at = 2; MUST(root_->entry_at(at, entry)); at = entry.next) {
        EXPECT_EQ(std::string(entry.name, entry.name_size), std::to_string(seen++));
        MUST(root_->remove({entry.name, entry.name_size}, RamDirectory::Kind::kFile, kRoot));
    }
    EXPECT_EQ(seen, 300);
    EXPECT_TRUE(names(*root_).empty());
}

TEST_F(Ram, RemovedDirectoryIsEmptyForEverAndKnowsWhatWasAbove) {
    RefPtr<Node> removed = make(*root_, "d", S_IFDIR | 0777);
    EXPECT_EQ(root_->links(), 3U);
    MUST(root_->remove("d", RamDirectory::Kind::kDirectory, kRoot));
    EXPECT_EQ(root_->links(), 2U);
    EXPECT_EQ(removed->links(), 0U);
    EXPECT_EQ(removed->as_ram_directory()->create("x", {.mode = S_IFREG}, kRoot).error(),
              Errno{ENOENT});
    EXPECT_EQ(removed->parent().get(), root_.get());
    char buffer[10];
    EXPECT_EQ(root_->name_of(*removed, buffer).error(), Errno{ENOENT});
}

TEST_F(Ram, ChainOfRemovedDirectoriesEndsWithoutRecursion) {
    std::vector<RamDirectory*> chain = {root_.get()};
    for (int i = 0; i < 100000; i++) chain.push_back(&directory(*chain.back(), "d"));
    const RefPtr<RamDirectory> last(*chain.back());
    for (size_t i = chain.size() - 1; i > 0; i--) {
        MUST(chain[i - 1]->remove("d", RamDirectory::Kind::kDirectory, kRoot));
    }
}

TEST_F(Ram, RenameReplacesMovesAndKeepsDirectoriesOutOfThemselves) {
    RamDirectory& a = directory(*root_, "a");
    RamDirectory& b = directory(a, "b");
    EXPECT_EQ(rename(*root_, "a", b, "x").error(), Errno{EINVAL});
    EXPECT_EQ(rename(a, "b", *root_, "a").error(), Errno{ENOTEMPTY});
    EXPECT_EQ(rename(a, "b", *root_, "a", RENAME_EXCHANGE).error(), Errno{EINVAL});
    RefPtr<RamFile> one = file("one");
    RefPtr<RamFile> two = file("two");
    EXPECT_EQ(rename(*root_, "one", *root_, "two", RENAME_NOREPLACE).error(), Errno{EEXIST});
    MUST(rename(*root_, "one", *root_, "two"));
    EXPECT_EQ(two->links(), 0U);
    EXPECT_EQ(MUST(root_->find("two")).get(), one.get());
    MUST(rename(a, "b", *root_, "two", RENAME_EXCHANGE));
    EXPECT_EQ(MUST(a.find("b")).get(), one.get());
    EXPECT_EQ(b.parent().get(), root_.get());
    EXPECT_EQ(a.links(), 2U);
    EXPECT_EQ(root_->links(), 4U);
    MUST(root_->add_child("same", one, kRoot));
    MUST(rename(*root_, "same", a, "b"));
    EXPECT_EQ(one->links(), 2U);
}

TEST_F(Ram, StickyDirectoryProtectsTheFilesOfOthers) {
    RamDirectory& shared = directory(*root_, "tmp", 01777);
    make(shared, "f", S_IFREG | 0666, user(1));
    const auto remove = [&](uint32_t uid) {
        return shared.remove("f", RamDirectory::Kind::kFile, user(uid)).error();
    };
    EXPECT_EQ(remove(2), Errno{EPERM});
    EXPECT_EQ(rename(shared, "f", *root_, "g", 0, user(2)).error(), Errno{EPERM});
    EXPECT_EQ(remove(1), Errno{});
}

TEST_F(Ram, OwnerGroupAndOthersHaveTheirOwnTriple) {
    const RefPtr<Node> node = make(*root_, "f", S_IFREG | 0640, user(1));
    core::Credentials member = user(2);
    member.groups = MUST(core::Groups::make(1));
    member.groups->ids()[0] = 1;
    EXPECT_TRUE(check_permission(*node, kMayRead | kMayWrite, user(1)));
    EXPECT_TRUE(check_permission(*node, kMayRead, member));
    EXPECT_EQ(check_permission(*node, kMayWrite, member).error(), Errno{EACCES});
    EXPECT_EQ(check_permission(*node, kMayRead, user(2)).error(), Errno{EACCES});
    EXPECT_TRUE(check_permission(*node, kMayRead | kMayWrite, kRoot));
    EXPECT_EQ(check_permission(*node, kMayExecute, kRoot).error(), Errno{EACCES});
    node->change_attributes([](Attributes& attributes) { attributes.permissions = 0077; });
    EXPECT_EQ(check_permission(*node, kMayRead, user(1)).error(), Errno{EACCES});
}

TEST_F(Ram, GroupOfADirectoryIsHandedDown) {
    RamDirectory& shared = directory(*root_, "d");
    shared.change_attributes([](Attributes& attributes) {
        attributes.permissions |= S_ISGID;
        attributes.gid = 7;
    });
    EXPECT_EQ(make(shared, "f", S_IFREG | 02775, user(1))->attributes().gid, 7U);
    EXPECT_EQ(MUST(shared.find("f"))->mode(), S_IFREG | 0775U);  // not a program of group 7
    EXPECT_EQ(make(shared, "d", S_IFDIR | 0755, user(1))->mode(), S_IFDIR | 02755U);
}

TEST_F(Ram, TimeOfAccessIsKeptIfItSaysSomethingNew) {
    const RefPtr<Node> node = file("f");
    const auto accessed = [&] { return node->attributes().accessed_ns; };
    host::now = 100;
    static_cast<RamNode&>(*node).note_contents_change();
    host::now = 200;
    node->note_access();
    EXPECT_EQ(accessed(), 200);
    host::now = 300;
    node->note_access();
    EXPECT_EQ(accessed(), 200);
    host::now = 200 + uint64_t{86400} * 1000000000;
    node->note_access();
    EXPECT_EQ(accessed(), static_cast<int64_t>(host::now));
}

TEST_F(Ram, WhatFailsForWantOfMemoryHasChangedNothing) {
    RamDirectory& d = directory(*root_, "d");
    RefPtr<RamFile> kept = file("f");
    const auto fails_first = [&](auto call) {
        for (unsigned n = 1;; n++) {
            host::allocations_until_failure = n;
            const bool done = call();
            host::allocations_until_failure = 0;
            if (done) break;
            EXPECT_EQ(names(*root_), (std::vector<std::string>{"d", "f"}));
            EXPECT_TRUE(names(d).empty());
            EXPECT_EQ(kept->size(), 0U);
            EXPECT_EQ(ram_usage().pages, 0U);
            ASSERT_LT(n, 20U);
        }
    };
    fails_first([&] { return write(*kept, "x", 1 << 20).has_value(); });
    MUST(kept->resize(0));
    fails_first([&] { return rename(*root_, "f", d, "g").has_value(); });
    MUST(rename(d, "g", *root_, "f"));
    fails_first(
        [&] { return d.create("s", {.mode = S_IFLNK | 0777, .target = "x"}, kRoot).has_value(); });
}

}  // namespace
}  // namespace fs
