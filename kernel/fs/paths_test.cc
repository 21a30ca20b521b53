#include "sync/sync_test.h"

#include "fs/paths.h"

#include <gtest/gtest.h>

#include <string>

#include "fs/directory.h"
#include "fs/file.h"
#include "lib/sample.h"

namespace fs {
namespace {

constexpr FileSystem kRoot = FileSystem::kRoot;

class Plain final : public Node {
public:
    Plain() : Node(kRoot, S_IFREG | 0644) {}
    Result<RefPtr<File>> open(unsigned) override { return Errno{ENXIO}; }
};

// /bin/sh  /bin/tool → sh  /etc/motd  /lnk → etc  /abs → /etc/motd  /up → ../bin/tool  /loop → loop
// /none → nowhere  /slash → etc/  /l0 → motd's chain: l1 → l0, l2 → l1 …
class Paths : public testing::Test {
protected:
    void SetUp() override {
        root_ = MUST(lib::make_ref<Directory>(kRoot, 0755, nullptr));
        bin_ = directory(*root_, "bin");
        etc_ = directory(*root_, "etc");
        add(*bin_, "sh", MUST(make_node<Plain>()));
        link(*bin_, "tool", "sh");
        add(*etc_, "motd", MUST(make_node<Plain>()));
        for (const auto& [name, target] :
             {std::pair{"lnk", "etc"}, std::pair{"abs", "/etc/motd"},
              std::pair{"up", "../bin/tool"}, std::pair{"loop", "loop"},
              std::pair{"none", "nowhere"}, std::pair{"slash", "etc/"}, std::pair{"empty", ""},
              std::pair{"l0", "etc/motd"}, std::pair{"deep", "up/../lnk"}}) {
            link(*root_, name, target);
        }
        viewpoint_ = {root_, bin_};
    }

    static void add(Directory& directory, lib::Text name, RefPtr<Node> node) {
        MUST(directory.add(name, std::move(node)));
    }
    static void link(Directory& directory, lib::Text name, lib::Text target) {
        add(directory, name, MUST(make_node<SymbolicLink>(kRoot, target)));
    }
    static RefPtr<Directory> directory(Directory& parent, lib::Text name) {
        auto made = MUST(lib::make_ref<Directory>(kRoot, 0755, &parent));
        add(parent, name, made);
        return made;
    }

    Result<RefPtr<Node>> find(std::string_view path, LastLink last_link = LastLink::kFollow) {
        return find_node(viewpoint_, viewpoint_.working, lib::as_text(path), last_link);
    }
    Node* found(std::string_view path, LastLink last_link = LastLink::kFollow) {
        auto node = find(path, last_link);
        return node ? node->get() : nullptr;
    }
    Errno error(std::string_view path, LastLink last_link = LastLink::kFollow) {
        return find(path, last_link).error();
    }
    Node* child(const RefPtr<Directory>& directory, lib::Text name) {
        return MUST(directory->find(name)).get();
    }

    RefPtr<Directory> root_, bin_, etc_;
    Viewpoint viewpoint_;
};

TEST_F(Paths, BeginAtTheRootOrAtTheWorkingDirectory) {
    EXPECT_EQ(found("/"), root_.get());
    EXPECT_EQ(found("///"), root_.get());
    EXPECT_EQ(found("/bin"), bin_.get());
    EXPECT_EQ(found("sh"), child(bin_, "sh"));
    EXPECT_EQ(found("./sh"), child(bin_, "sh"));
    EXPECT_EQ(found("."), bin_.get());
    EXPECT_EQ(found("../etc//motd"), child(etc_, "motd"));
}

TEST_F(Paths, NobodyGetsAboveTheRoot) {
    EXPECT_EQ(found("/../../bin"), bin_.get());
    viewpoint_.root = bin_;  // as after chroot
    EXPECT_EQ(found("/../sh"), child(bin_, "sh"));
}

TEST_F(Paths, WhatIsNotThereIsEnoentAndWhatIsNoDirectoryEnotdir) {
    EXPECT_EQ(error(""), Errno{ENOENT});
    EXPECT_EQ(error("nothing"), Errno{ENOENT});
    EXPECT_EQ(error("nothing/.."), Errno{ENOENT});
    EXPECT_EQ(error("/etc/motd/x"), Errno{ENOTDIR});
    EXPECT_EQ(error("/etc/motd/.."), Errno{ENOTDIR});
    EXPECT_EQ(error("/etc/motd/."), Errno{ENOTDIR});
    EXPECT_EQ(error("/etc/motd/"), Errno{ENOTDIR});
}

TEST_F(Paths, LinksOnTheWayAreFollowedAndTheLastOneIfWanted) {
    EXPECT_EQ(found("/lnk/motd"), child(etc_, "motd"));
    EXPECT_EQ(found("/lnk/motd", LastLink::kKeep), child(etc_, "motd"));
    EXPECT_EQ(found("/lnk"), etc_.get());
    EXPECT_EQ(found("/lnk", LastLink::kKeep), child(root_, "lnk"));
    EXPECT_EQ(found("/abs"), child(etc_, "motd"));
    EXPECT_EQ(found("/up"), child(bin_, "sh"));
    EXPECT_EQ(found("tool"), child(bin_, "sh"));
    EXPECT_EQ(error("/deep"), Errno{ENOTDIR});  // up is a file: it has no ".."
}

TEST_F(Paths, SlashAtTheEndFollowsTheLinkAndWantsADirectory) {
    EXPECT_EQ(found("/lnk/", LastLink::kKeep), etc_.get());
    EXPECT_EQ(found("/slash", LastLink::kFollow), etc_.get());
    EXPECT_EQ(found("/slash/motd"), child(etc_, "motd"));
    EXPECT_EQ(error("/abs/"), Errno{ENOTDIR});
    EXPECT_EQ(error("/abs/", LastLink::kKeep), Errno{ENOTDIR});
}

TEST_F(Paths, LinkThatLeadsNowhereIsEnoentAndToItselfEloop) {
    EXPECT_EQ(error("/none"), Errno{ENOENT});
    EXPECT_EQ(found("/none", LastLink::kKeep), child(root_, "none"));
    EXPECT_EQ(error("/empty"), Errno{ENOENT});
    EXPECT_EQ(error("/loop"), Errno{ELOOP});
    EXPECT_EQ(error("/loop/x"), Errno{ELOOP});
    EXPECT_EQ(found("/loop", LastLink::kKeep), child(root_, "loop"));
}

TEST_F(Paths, FortyLinksAreFollowedAndNotOneMore) {
    std::vector<std::string> names = {"l0"};
    for (unsigned i = 1; i <= kMostLinks; i++) names.push_back("l" + std::to_string(i));
    for (unsigned i = 1; i <= kMostLinks; i++) {
        link(*root_, lib::as_text(names[i]), lib::as_text(names[i - 1]));
    }
    EXPECT_EQ(found("/l39"), child(etc_, "motd"));
    EXPECT_EQ(error("/l40"), Errno{ELOOP});
    std::string many;
    for (unsigned i = 0; i < kMostLinks; i++) many += "/lnk/..";
    EXPECT_EQ(found(many + "/etc"), etc_.get());
    EXPECT_EQ(error(many + "/lnk/motd"), Errno{ELOOP});
}

TEST_F(Paths, NameIsTooLongWhereItWouldBeLookedFor) {
    const std::string longest(kLongestName, 'x');
    EXPECT_EQ(error(longest), Errno{ENOENT});
    EXPECT_EQ(error(longest + "x"), Errno{ENAMETOOLONG});
    EXPECT_EQ(error("nothing/" + longest + "x"), Errno{ENOENT});
    EXPECT_EQ(error("sh/" + longest + "x"), Errno{ENOTDIR});
}

TEST_F(Paths, PlaceOfWhatIsNotThereYetHasItsDirectory) {
    const auto place_of = [&](const char* path) {
        return MUST(find_place(viewpoint_, viewpoint_.working, path, LastLink::kFollow));
    };
    Place place = place_of("/etc/new");
    EXPECT_EQ(place.directory.get(), etc_.get());
    EXPECT_FALSE(place.node);
    EXPECT_FALSE(place.ends_with_slash);
    EXPECT_TRUE(place_of("/etc/new/").ends_with_slash);
    place = place_of("/none");  // a link to a file that could be made
    EXPECT_EQ(place.directory.get(), root_.get());
    EXPECT_FALSE(place.node);
    place = place_of("/etc/motd");
    EXPECT_EQ(place.directory.get(), etc_.get());
    EXPECT_EQ(place.node.get(), child(etc_, "motd"));
}

TEST_F(Paths, DirectoryKnowsItsPath) {
    const RefPtr<Directory> deep = directory(*etc_, "deep");
    char buffer[10];
    EXPECT_EQ(lib::as_string(MUST(path_of(viewpoint_, deep, buffer))), "/etc/deep");
    EXPECT_EQ(lib::as_string(MUST(path_of(viewpoint_, root_, buffer))), "/");
    EXPECT_EQ(path_of(viewpoint_, deep, std::span(buffer).first(9)).error(), Errno{ENAMETOOLONG});
    viewpoint_.root = bin_;
    EXPECT_EQ(path_of(viewpoint_, etc_, buffer).error(), Errno{ENOENT});
}

}  // namespace
}  // namespace fs
