// Contract: fs/ram/node.h. Read next: ram_rename.cc.
#include "core/clock.h"
#include "fs/file.h"
#include "fs/permission.h"
#include "fs/ram/file.h"
#include "fs/ram/node.h"

namespace fs {

constinit sync::SpinLock names_lock{sync::LockRank::kNames};

namespace {

using lib::Text;

constexpr int64_t kDay = 86400 * static_cast<int64_t>(core::kNsPerSecond);

int64_t now() { return static_cast<int64_t>(core::realtime_ns()); }

// FNV-1a.
uint64_t hash_of(Text name) {
    uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : name) hash = (hash ^ static_cast<uint8_t>(byte)) * 0x100000001b3;
    return hash;
}

}  // namespace

// ---- times ------------------------------------------------------------------------------------------

// As mount(8)'s relatime: the time of the last access is kept if it says something new, or is a day old.
void RamNode::note_access() {
    change_attributes([](Attributes& attributes) {
        const int64_t last = attributes.accessed_ns;
        const bool is_news = last <= attributes.modified_ns || last <= attributes.changed_ns;
        if (is_news || now() - last >= kDay) attributes.accessed_ns = now();
    });
}

void RamNode::note_contents_change() {
    change_attributes(
        [](Attributes& attributes) { attributes.modified_ns = attributes.changed_ns = now(); });
}

void RamNode::note_change() {
    change_attributes([](Attributes& attributes) { attributes.changed_ns = now(); });
}

// ---- reading ----------------------------------------------------------------------------------------

uint64_t RamDirectory::links() const {
    sync::SpinGuard guard(names_lock);
    if (is_removed()) return 0;
    return 2 + directories_;  // its name, its ".", each ".." below
}

Result<RefPtr<File>> RamDirectory::open(unsigned flags) {
    return make_file<DirectoryFile>(RefPtr<Node>(*this), flags);
}

Result<RefPtr<Node>> RamDirectory::find(Text name) {
    sync::SpinGuard guard(names_lock);
    Entry* entry = entry_named(name);
    if (entry == nullptr) return Errno{ENOENT};
    return entry->node;
}

RefPtr<Node> RamNode::parent() {
    sync::SpinGuard guard(names_lock);
    return named_in_ != nullptr ? RefPtr<Node>(*named_in_) : RefPtr<Node>();
}

RefPtr<Node> RamDirectory::parent() {
    sync::SpinGuard guard(names_lock);
    return RefPtr<Node>(*above_);
}

Result<Text> RamDirectory::name_of(const Node& child, std::span<char> buffer) {
    sync::SpinGuard guard(names_lock);
    for (Entry* entry = entries_.first(); entry != nullptr; entry = entries_.next(*entry)) {
        if (entry->node.get() == &child) return put_at_end(entry->name.text(), buffer);
    }
    return Errno{ENOENT};
}

Result<bool> RamDirectory::entry_at(uint64_t position, DirectoryEntry& found) {
    sync::SpinGuard guard(names_lock);
    if (position < 2) {
        if (is_removed()) return Errno{ENOENT};
        found.describe(position == 0 ? *this : *above_, position == 0 ? "." : "..", position + 1);
        return true;
    }
    const Entry* entry = entries_.first_not_below(position);
    if (entry == nullptr) return false;
    found.describe(*entry->node, entry->name.text(), entry->position + 1);
    return true;
}

// ---- changing ---------------------------------------------------------------------------------------

// In a set-group-ID directory new files get its group, and new directories the bit too (inode(7)).
Result<RefPtr<Node>> RamDirectory::make_child(const NewNode& wanted, const core::Credentials& who) {
    NewNode made = wanted;
    uint32_t gid = who.fsgid;
    const Attributes own = attributes();
    if ((own.permissions & S_ISGID) != 0) {
        gid = own.gid;
        constexpr uint32_t kGroupProgram = S_ISGID | S_IXGRP;
        if (S_ISDIR(made.mode)) {
            made.mode |= S_ISGID;
        } else if ((made.mode & kGroupProgram) == kGroupProgram && !is_superuser(who) &&
                   !is_in_group(gid, who)) {
            made.mode &= ~uint32_t{S_ISGID};
        }
    }
    return RefPtr<Node>(TRY(make_ram_node(file_system, made, who.fsuid, gid)));
}

Result<RefPtr<Node>> RamDirectory::create(Text name, const NewNode& wanted,
                                          const core::Credentials& who) {
    RefPtr<Node> node = TRY(make_child(wanted, who));
    TRY(add_child(name, node, who));
    return node;
}

Result<void> RamDirectory::add_child(Text name, RefPtr<Node> node, const core::Credentials& who) {
    UniquePtr<Entry> entry = TRY(make_entry(name));
    entry->node = std::move(node);
    sync::SpinGuard guard(names_lock);
    if (entry_named(name) != nullptr) return Errno{EEXIST};
    TRY(check_addition(who));
    link(*entry.release());
    note_contents_change();
    return {};
}

Result<void> RamDirectory::remove(Text name, Kind kind, const core::Credentials& who) {
    UniquePtr<Entry> gone;  // dropped when the lock is given back
    sync::SpinGuard guard(names_lock);
    Entry* entry = entry_named(name);
    if (entry == nullptr) return Errno{ENOENT};
    TRY(check_removal(*entry->node, kind, who));
    RamDirectory* directory = entry->node->as_ram_directory();
    if (directory != nullptr) {
        if (!directory->entries_.empty()) return Errno{ENOTEMPTY};
        directory->left_ = RefPtr<RamDirectory>(*this);
    }
    unlink(*entry);
    gone = UniquePtr<Entry>(entry);
    note_contents_change();
    return {};
}

Result<void> RamDirectory::replace(Text name, RefPtr<Node> node) {
    UniquePtr<Entry> made = TRY(make_entry(name));
    made->node = std::move(node);
    UniquePtr<Entry> gone;
    sync::SpinGuard guard(names_lock);
    Entry* entry = entry_named(name);
    if (entry == nullptr) return Errno{ENOENT};
    unlink(*entry);
    gone = UniquePtr<Entry>(entry);
    link(*made.release());
    return {};
}

// ---- entries ----------------------------------------------------------------------------------------

Result<UniquePtr<RamDirectory::Entry>> RamDirectory::make_entry(Text name) {
    UniquePtr<Entry> entry = TRY(lib::make<Entry>());
    TRY(entry->name.copy(name));
    entry->hash = hash_of(name);
    return entry;
}

RamDirectory::Entry* RamDirectory::entry_named(Text name) {
    const uint64_t hash = hash_of(name);
    Entry* entry = names_by_hash_.first_not_below(hash);
    while (entry != nullptr && entry->hash == hash) {
        if (entry->name.text() == name) return entry;
        entry = names_by_hash_.next(*entry);
    }
    return nullptr;
}

void RamDirectory::link(Entry& entry) {
    entry.position = next_position_++;
    names_by_hash_.insert(entry);
    entries_.insert(entry);
    if (entry.node->is_directory()) directories_++;
    if (!entry.node->is_changeable()) return;
    auto& node = static_cast<RamNode&>(*entry.node);
    node.names_.fetch_add(1);
    node.named_in_ = this;
    node.note_change();
    if (RamDirectory* directory = node.as_ram_directory()) directory->above_ = this;
}

void RamDirectory::unlink(Entry& entry) {
    names_by_hash_.remove(entry);
    entries_.remove(entry);
    if (entry.node->is_directory()) directories_--;
    if (!entry.node->is_changeable()) return;
    auto& node = static_cast<RamNode&>(*entry.node);
    node.names_.fetch_add(-1u);
    if (node.named_in_ == this) node.named_in_ = nullptr;
    node.note_change();
}

bool RamDirectory::is_in_or_below(const Node& directory) const {
    const RamDirectory* here = this;
    while (here != &directory && here->above_ != here) here = here->above_;
    return here == &directory;
}

// A removed directory is empty for ever.
Result<void> RamDirectory::check_addition(const core::Credentials& who) const {
    if (is_removed()) return Errno{ENOENT};
    return check_permission(*this, kMayWrite | kMayExecute, who);
}

Result<void> RamDirectory::check_removal(Node& node, Kind kind,
                                         const core::Credentials& who) const {
    TRY(check_permission(*this, kMayWrite | kMayExecute, who));
    const Attributes own = attributes();
    const bool is_sticky = (own.permissions & S_ISVTX) != 0;
    if (is_sticky && !owns(own, who) && !owns(node.attributes(), who)) return Errno{EPERM};
    if (kind == Kind::kDirectory && !node.is_directory()) return Errno{ENOTDIR};
    if (kind == Kind::kFile && node.is_directory()) return Errno{EISDIR};
    if (node.is_directory() && node.as_ram_directory() == nullptr) return Errno{EBUSY};
    return {};
}

// Nobody knows the directory any more. One that was removed may be the last owner of the one above it, and
// so on: in a loop, for there is no limit to the depth, but one to the kernel's stack.
RamDirectory::~RamDirectory() {
    while (Entry* entry = entries_.first()) {
        names_by_hash_.remove(*entry);
        entries_.remove(*entry);
        delete entry;
    }
    RefPtr<RamDirectory> above = std::move(left_);
    while (above && above.is_only_owner()) {
        RefPtr<RamDirectory> next = std::move(above->left_);
        above = std::move(next);
    }
}

}  // namespace fs
