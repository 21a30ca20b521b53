// The simple nodes of the file system in memory, and how each kind is made. Contract: fs/ram/node.h.
#include "fs/ram/node.h"
#include "fs/file.h"
#include "fs/pipe/pipe.h"
#include "fs/ram/file.h"

namespace fs {

namespace {

class RamLink final : public RamNode {
public:
    RamLink(FileSystem owner, uint32_t) : RamNode(owner, S_IFLNK | 0777) {}
    Result<void> set_target(lib::Text target) { return target_.copy(target); }

    uint64_t size() const override { return target_.text().size(); }
    Result<RefPtr<File>> open(unsigned) override { return Errno{ELOOP}; }
    Result<lib::Text> target() override { return target_.text(); }

private:
    lib::OwnedText target_;
};

// A device or socket: what it stands for is found by its kind and number.
class RamSpecial final : public RamNode {
public:
    RamSpecial(FileSystem owner, const NewNode& wanted)
        : RamNode(owner, wanted.mode), device_(wanted.device) {}

    uint64_t device() const override { return device_; }
    Result<RefPtr<File>> open(unsigned) override { return Errno{ENXIO}; }

private:
    const uint64_t device_;
};

Result<RefPtr<RamNode>> make_link(FileSystem owner, const NewNode& wanted) {
    RefPtr<RamLink> link = TRY(lib::make_ref<RamLink>(owner, wanted.mode));
    TRY(link->set_target(wanted.target));
    return RefPtr<RamNode>(std::move(link));
}

Result<RefPtr<RamNode>> make_file_of_zeros(FileSystem owner, const NewNode& wanted) {
    RefPtr<RamPages> pages = TRY(lib::make_ref<RamPages>(lib::Bytes{}));
    return RefPtr<RamNode>(TRY(lib::make_ref<RamFile>(owner, wanted.mode, std::move(pages))));
}

Result<RefPtr<RamNode>> make_kind(FileSystem owner, const NewNode& wanted) {
    switch (wanted.mode & S_IFMT) {
        case S_IFREG: return make_file_of_zeros(owner, wanted);
        case S_IFLNK: return make_link(owner, wanted);
        case S_IFDIR: return RefPtr<RamNode>(TRY(lib::make_ref<RamDirectory>(owner, wanted.mode)));
        case S_IFIFO: return make_fifo(owner, wanted.mode);
        default: return RefPtr<RamNode>(TRY(lib::make_ref<RamSpecial>(owner, wanted)));
    }
}

}  // namespace

Result<RefPtr<RamNode>> make_ram_node(FileSystem owner, const NewNode& wanted, uint32_t uid,
                                      uint32_t gid) {
    RefPtr<RamNode> node = TRY(make_kind(owner, wanted));
    node->note_contents_change();
    node->change_attributes([&](Attributes& attributes) {
        attributes.uid = uid;
        attributes.gid = gid;
        attributes.accessed_ns = attributes.modified_ns;
    });
    return node;
}

}  // namespace fs
