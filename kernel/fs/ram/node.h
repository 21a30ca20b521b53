// The nodes of the file system in memory: what a program makes stays until its last name is removed and
// its last user has closed it.
//
//     RamDirectory ── name ──► RamFile, RamLink, RamSpecial or RamDirectory
//
// One lock, names_lock, guards the names of all directories and which directory is above which: a rename
// changes two directories, and looks at all that is above one of them, at one moment. It is held for a few
// steps in trees: memory is asked for before, and what was removed is dropped after.
// Who may do what is checked here too, under the lock, in Linux's order. Contents: ram_file.h.
#pragma once
#include "fs/node.h"
#include "lib/owned_text.h"
#include "lib/tree.h"

namespace fs {

extern sync::SpinLock names_lock;

// What all kinds share: they can be changed, count their names, and know when they were used.
class RamNode : public Node {
public:
    bool is_changeable() const final { return true; }
    uint64_t links() const override { return names_.load(lib::Order::kRelaxed); }
    void note_access() final;
    RefPtr<Node> parent() override;

    // Effect: the times say that the contents (and with them the attributes), or only the attributes, have
    // changed now (stat(2): mtime, ctime). Context: any.
    void note_contents_change();
    void note_change();

protected:
    RamNode(FileSystem owner, uint32_t mode) : Node(owner, mode) {}

private:
    friend class RamDirectory;
    lib::Atomic<uint32_t> names_{0};  // changes with names_lock held
    // Where its youngest name is: who has a name for something is not removed. None: that name is gone.
    RamDirectory* named_in_ GUARDED_BY(names_lock) = nullptr;
};

// Effect: a node without a name, which belongs to `uid` and `gid`. ENOMEM.
Result<RefPtr<RamNode>> make_ram_node(FileSystem owner, const NewNode& wanted, uint32_t uid,
                                      uint32_t gid);

class RamDirectory final : public RamNode {
public:
    // A root, until a directory gets a name for it.
    RamDirectory(FileSystem owner, uint32_t mode) : RamNode(owner, mode) {}
    ~RamDirectory() override;

    uint64_t links() const override;
    Result<RefPtr<File>> open(unsigned flags) override;
    Result<RefPtr<Node>> find(lib::Text name) override;
    RefPtr<Node> parent() override;
    Result<lib::Text> name_of(const Node& child, std::span<char> buffer) override;
    Result<bool> entry_at(uint64_t position, DirectoryEntry& found) override;
    Result<RefPtr<Node>> make_child(const NewNode& wanted, const core::Credentials& who) override;
    Result<void> add_child(lib::Text name, RefPtr<Node> node,
                           const core::Credentials& who) override;
    RamDirectory* as_ram_directory() override { return this; }

    // Effect: a new node of this name: make_child and add_child in one. Context of all here: may sleep.
    Result<RefPtr<Node>> create(lib::Text name, const NewNode& wanted,
                                const core::Credentials& who);

    // Effect: the name is gone (unlink(2), rmdir(2)). ENOENT, EACCES, EPERM (a sticky directory), EISDIR,
    // ENOTDIR, ENOTEMPTY, EBUSY (another file system begins there).
    enum class Kind : uint8_t { kFile, kDirectory };
    Result<void> remove(lib::Text name, Kind kind, const core::Credentials& who);

    // Effect: the name, which is there, leads to `node` instead, whatever it led to. For the boot.
    Result<void> replace(lib::Text name, RefPtr<Node> node);

    // rename(2): errors as there. Only directories may have a slash behind their name.
    struct Renaming {
        RamDirectory& from;
        lib::Text old_name;
        bool old_has_slash;
        RamDirectory& to;
        lib::Text new_name;
        bool new_has_slash;
        unsigned flags;  // RENAME_NOREPLACE, RENAME_EXCHANGE
    };
    static Result<void> rename(const Renaming& renaming, const core::Credentials& who);

private:
    struct Entry {
        lib::TreeNode by_hash;
        lib::TreeNode by_position;
        uint64_t hash;
        uint64_t position;  // grows with each new name and never changes: where getdents64 goes on
        lib::OwnedText name;
        RefPtr<Node> node;
    };
    struct HashRules {
        static uint64_t key(const Entry& entry) { return entry.hash; }
        static bool update(Entry&, const Entry*, const Entry*) { return false; }
    };
    struct PositionRules {
        static uint64_t key(const Entry& entry) { return entry.position; }
        static bool update(Entry&, const Entry*, const Entry*) { return false; }
    };

    // ram_directory.cc
    static Result<UniquePtr<Entry>> make_entry(lib::Text name);
    Entry* entry_named(lib::Text name) REQUIRES(names_lock);
    void link(Entry& entry) REQUIRES(names_lock);
    void unlink(Entry& entry) REQUIRES(names_lock);
    bool is_removed() const REQUIRES(names_lock) { return static_cast<bool>(left_); }
    bool is_in_or_below(const Node& directory) const REQUIRES(names_lock);
    Result<void> check_addition(const core::Credentials& who) const REQUIRES(names_lock);
    Result<void> check_removal(Node& node, Kind kind, const core::Credentials& who) const
        REQUIRES(names_lock);

    // ram_rename.cc
    static Result<void> check_slashes(const Renaming& renaming, const Entry& source,
                                      const Entry* target) REQUIRES(names_lock);
    static Result<void> check_rename(const Renaming& renaming, const Entry& source,
                                     const Entry* target, const core::Credentials& who)
        REQUIRES(names_lock);
    static void exchange(const Renaming& renaming, Entry& source, Entry& target)
        REQUIRES(names_lock);

    lib::Tree<Entry, &Entry::by_hash, HashRules> names_by_hash_ GUARDED_BY(names_lock);
    lib::Tree<Entry, &Entry::by_position, PositionRules> entries_ GUARDED_BY(names_lock);
    uint64_t next_position_ GUARDED_BY(names_lock) = 2;  // 0 is "." and 1 is ".."
    uint64_t directories_ GUARDED_BY(names_lock) = 0;    // how many of its names lead to one

    // What is above: whoever holds the name owns the directory, so nobody needs to own the way up. Only one
    // that was removed owns what was above it, for "..".
    RamDirectory* above_ GUARDED_BY(names_lock) = this;
    RefPtr<RamDirectory> left_ GUARDED_BY(names_lock);
};

}  // namespace fs
