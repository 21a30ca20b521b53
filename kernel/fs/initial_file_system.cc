// Contract: fs/initial_file_system.h.
#include "fs/initial_file_system.h"

#include <cstring>
#include <new>

#include "fs/cpio.h"
#include "fs/file.h"
#include "fs/page_cache.h"

namespace fs {

namespace {

using lib::Text;

constexpr FileSystem kRoot = FileSystem::kRoot;

class RegularFile final : public Node {
public:
    RegularFile(uint32_t permissions, uint64_t size, RefPtr<mm::PageSource> pages)
        : Node(kRoot, S_IFREG | permissions), size_(size), pages_(std::move(pages)) {}

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
    explicit StrangeNode(uint32_t mode_bits) : Node(kRoot, mode_bits) {}
    Result<RefPtr<File>> open(unsigned) override { return Errno{ENXIO}; }
};

// The path with a slash in front and a NUL behind: for whoever asks a mapping for its file.
Result<const char*> copy_path(Text path) {
    char* copy = new (std::nothrow) char[path.size() + 2];
    if (copy == nullptr) return Errno{ENOMEM};
    copy[0] = '/';
    memcpy(copy + 1, path.data(), path.size());
    copy[path.size() + 1] = '\0';
    return copy;
}

Result<RefPtr<Node>> make_regular(const CpioEntry& entry) {
    const char* path = TRY(copy_path(entry.path));
    auto* pages = new (std::nothrow) ArchivePages(entry.data, path);
    if (pages == nullptr) {
        delete[] path;
        return Errno{ENOMEM};
    }
    return make_node<RegularFile>(entry.mode & ~S_IFMT, entry.data.size(),
                                  lib::adopt_ref<mm::PageSource>(pages));
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

Result<RefPtr<Directory>> build_initial_file_system(lib::Bytes archive) {
    RefPtr<Directory> root = TRY(lib::make_ref<Directory>(kRoot, 0755, nullptr));
    CpioReader reader(archive);
    CpioEntry entry;
    while (TRY(reader.next(entry))) TRY(add_entry(*root, entry));
    return root;
}

}  // namespace fs
