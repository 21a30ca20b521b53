// A directory whose entries are kept in memory, and a symbolic link with a fixed text: what the initial
// file system, /dev and /proc are made of.
#pragma once
#include "fs/node.h"
#include "lib/list.h"

namespace fs {

// Filled at boot, constant from then on: it needs no lock.
class Directory final : public Node {
public:
    // `parent` outlives it; without one, it is its own: a root.
    Directory(FileSystem owner, uint32_t permissions, Node* parent)
        : Node(owner, S_IFDIR | permissions), parent_(parent == nullptr ? this : parent) {}
    ~Directory() override;

    // Effect: `name` leads to `node`; what it led to before is no longer there. The text is borrowed
    // for as long as the directory lives. ENOMEM. Context: boot.
    Result<void> add(lib::Text name, RefPtr<Node> node);

    uint64_t links() const override;
    Result<RefPtr<File>> open(unsigned flags) override;
    Result<RefPtr<Node>> find(lib::Text name) override;
    RefPtr<Node> parent() override { return RefPtr<Node>(*parent_); }
    Result<lib::Text> name_of(const Node& child, std::span<char> buffer) override;
    Result<bool> entry_at(uint64_t position, DirectoryEntry& entry) override;

private:
    struct Entry {
        lib::ListNode link;
        lib::Text name;
        RefPtr<Node> node;
        uint64_t position;  // grows along the list and never changes: where getdents64 goes on
    };

    Entry* entry_named(lib::Text name);

    Node* const parent_;
    lib::List<Entry, &Entry::link> entries_;
    uint64_t next_position_ = 2;  // 0 is "." and 1 is ".."
    uint64_t directories_ = 0;
};

class SymbolicLink final : public Node {
public:
    // The text is borrowed for as long as the link lives.
    SymbolicLink(FileSystem owner, lib::Text target)
        : Node(owner, S_IFLNK | 0777), target_(target) {}

    uint64_t size() const override { return target_.size(); }
    Result<RefPtr<File>> open(unsigned) override { return Errno{ELOOP}; }
    Result<lib::Text> target() override { return target_; }

private:
    const lib::Text target_;
};

}  // namespace fs
