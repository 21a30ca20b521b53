// Stand-in for the file system in memory that lab processes brings: the files of the archive, which no
// call can change. Contract: fs/initial/initial_file_system.h.
#include "fs/initial/initial_file_system.h"

#include <cstring>

#include "fs/directory.h"
#include "fs/file.h"
#include "fs/initial/cpio.h"
#include "lib/owned_text.h"
#include "mm/frame_tree.h"
#include "mm/frames.h"

namespace fs {

namespace {

using lib::Text;

constexpr FileSystem kRoot = FileSystem::kRoot;

// The pages of a file: a frame is filled from the archive when it is first asked for, and then stays.
class ArchivePages final : public mm::PageSource {
public:
    explicit ArchivePages(lib::Bytes contents) : contents_(contents) {}

    // Whoever asks a mapping for its file is told the path in the archive, with a slash in front.
    Result<void> set_path(Text path) { return path_.copy("/", path); }

    const char* name() const override { return path_.terminated(); }
    bool is_resident(uint64_t index) override {
        sync::SpinGuard guard(lock_);
        return frames_.find(index) != arch::PhysAddr{};
    }
    Result<arch::PhysAddr> page(uint64_t index) override {
        const uint64_t begin = index * arch::kPageSize;
        if (index > INT64_MAX / arch::kPageSize || begin >= contents_.size()) return Errno{ENXIO};
        sync::SpinGuard guard(lock_);
        arch::PhysAddr* place = TRY(frames_.place_of(index));
        if (*place == arch::PhysAddr{}) {
            const arch::PhysAddr frame = TRY(mm::allocate_zeroed_frame());
            const uint64_t left = contents_.size() - begin;
            const uint64_t count = left < arch::kPageSize ? left : arch::kPageSize;
            memcpy(arch::direct_map(frame), contents_.data() + begin, count);
            *place = frame;
        }
        mm::retain_frame(*place);
        return *place;
    }

private:
    const lib::Bytes contents_;
    lib::OwnedText path_;
    sync::SpinLock lock_{sync::LockRank::kPageSource};
    mm::FrameTree frames_ GUARDED_BY(lock_);
};

class RegularFile final : public Node {
public:
    RegularFile(uint32_t mode, uint64_t size, RefPtr<mm::PageSource> pages)
        : Node(kRoot, mode), size_(size), pages_(std::move(pages)) {}

    uint64_t size() const override { return size_; }
    RefPtr<mm::PageSource> pages() override { return pages_; }
    Result<RefPtr<File>> open(unsigned flags) override {
        return make_file<File>(RefPtr<Node>(*this), flags);
    }

private:
    const uint64_t size_;
    const RefPtr<mm::PageSource> pages_;
};

// A device, FIFO or socket of the archive: it can be seen, but the devices that there are lie in /dev.
class StrangeNode final : public Node {
public:
    explicit StrangeNode(uint32_t mode) : Node(kRoot, mode) {}
    Result<RefPtr<File>> open(unsigned) override { return Errno{ENXIO}; }
};

Result<RefPtr<Node>> make_regular(const CpioEntry& entry) {
    RefPtr<ArchivePages> pages = TRY(lib::make_ref<ArchivePages>(entry.data));
    TRY(pages->set_path(entry.path));
    return make_node<RegularFile>(entry.mode, entry.data.size(), std::move(pages));
}

Result<RefPtr<Node>> node_for(const CpioEntry& entry) {
    if (S_ISREG(entry.mode)) return make_regular(entry);
    if (!S_ISLNK(entry.mode)) return make_node<StrangeNode>(entry.mode);
    const Text target(reinterpret_cast<const char*>(entry.data.data()), entry.data.size());
    return make_node<SymbolicLink>(kRoot, target);
}

// The directory `name` of `parent`. One that is there stays, with all that is in it; what is no
// directory makes room for one.
Result<Directory*> enter(Directory& parent, Text name, uint32_t permissions) {
    auto found = parent.find(name);
    // Whatever is a directory here, is one of ours.
    if (found && (*found)->is_directory()) return static_cast<Directory*>(found->get());
    const RefPtr<Directory> made = TRY(lib::make_ref<Directory>(kRoot, permissions, &parent));
    TRY(parent.add(name, made));
    return made.get();
}

Result<void> add_entry(Directory& root, const CpioEntry& entry) {
    Directory* here = &root;
    Text rest = entry.path;
    for (Text name = rest.take_until('/'); !name.empty(); name = rest.take_until('/')) {
        if (rest.empty() && !S_ISDIR(entry.mode)) return here->add(name, TRY(node_for(entry)));
        here = TRY(enter(*here, name, rest.empty() ? entry.mode & ~S_IFMT : 0755));
    }
    return {};
}

}  // namespace

Result<RefPtr<Node>> build_initial_file_system(lib::Bytes archive) {
    RefPtr<Directory> root = TRY(lib::make_ref<Directory>(kRoot, 0755, nullptr));
    CpioReader reader(archive);
    CpioEntry entry;
    while (TRY(reader.next(entry))) TRY(add_entry(*root, entry));
    return RefPtr<Node>(std::move(root));
}

Result<void> mount(Node& root, Text name, RefPtr<Node> node) {
    return static_cast<Directory&>(root).add(name, std::move(node));
}

}  // namespace fs
