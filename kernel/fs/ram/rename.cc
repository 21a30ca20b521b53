// rename(2) in the file system in memory. Contract: fs/ram/node.h.
#include <linux/fs.h>

#include "fs/permission.h"
#include "fs/ram/node.h"

namespace fs {

// The name that is moved gets a new entry: the old one may be a place where somebody's list goes on.
Result<void> RamDirectory::rename(const Renaming& renaming, const core::Credentials& who) {
    UniquePtr<Entry> made = TRY(make_entry(renaming.new_name));
    UniquePtr<Entry> old_entry, replaced;  // dropped when the lock is given back
    sync::SpinGuard guard(names_lock);
    Entry* source = renaming.from.entry_named(renaming.old_name);
    if (source == nullptr) return Errno{ENOENT};
    Entry* target = renaming.to.entry_named(renaming.new_name);
    TRY(check_slashes(renaming, *source, target));
    // Two names of one file: both stay (rename(2)).
    if (target != nullptr && target->node == source->node) return {};
    TRY(check_rename(renaming, *source, target, who));

    if ((renaming.flags & RENAME_EXCHANGE) != 0) {
        exchange(renaming, *source, *target);
    } else {
        if (target != nullptr) {
            RamDirectory* directory = target->node->as_ram_directory();
            if (directory != nullptr) directory->left_ = RefPtr<RamDirectory>(renaming.to);
            renaming.to.unlink(*target);
            replaced = UniquePtr<Entry>(target);
        }
        renaming.from.unlink(*source);
        old_entry = UniquePtr<Entry>(source);
        made->node = source->node;
        renaming.to.link(*made.release());
    }
    renaming.from.note_contents_change();
    renaming.to.note_contents_change();
    return {};
}

// What Linux looks at before it compares the two files.
Result<void> RamDirectory::check_slashes(const Renaming& renaming, const Entry& source,
                                         const Entry* target) {
    const bool exchanges = (renaming.flags & RENAME_EXCHANGE) != 0;
    if ((renaming.flags & RENAME_NOREPLACE) != 0 && target != nullptr) return Errno{EEXIST};
    if (exchanges && target == nullptr) return Errno{ENOENT};
    if (exchanges && renaming.new_has_slash && !target->node->is_directory()) return Errno{ENOTDIR};
    if (!source.node->is_directory()) {
        if (renaming.old_has_slash) return Errno{ENOTDIR};
        if (!exchanges && renaming.new_has_slash) return Errno{ENOTDIR};
    }
    // A directory does not come to lie in itself, nor anything in the place of what it lies in.
    if (renaming.to.is_in_or_below(*source.node)) return Errno{EINVAL};
    if (target != nullptr && renaming.from.is_in_or_below(*target->node)) {
        return Errno{exchanges ? EINVAL : ENOTEMPTY};
    }
    return {};
}

Result<void> RamDirectory::check_rename(const Renaming& renaming, const Entry& source,
                                        const Entry* target, const core::Credentials& who) {
    const auto kind_of = [](const Node& node) {
        return node.is_directory() ? Kind::kDirectory : Kind::kFile;
    };
    const bool exchanges = (renaming.flags & RENAME_EXCHANGE) != 0;
    const bool changes_directory = &renaming.from != &renaming.to;
    Node& moved = *source.node;
    TRY(renaming.from.check_removal(moved, kind_of(moved), who));
    if (target == nullptr) {
        TRY(renaming.to.check_addition(who));
    } else {
        const Kind kind = kind_of(exchanges ? *target->node : moved);
        TRY(renaming.to.check_removal(*target->node, kind, who));
    }
    // Its ".." changes, which is an entry of its own.
    if (changes_directory && moved.is_directory()) TRY(check_permission(moved, kMayWrite, who));
    if (target == nullptr) return {};
    if (changes_directory && exchanges && target->node->is_directory()) {
        TRY(check_permission(*target->node, kMayWrite, who));
    }
    const RamDirectory* directory = target->node->as_ram_directory();
    if (!exchanges && directory != nullptr && !directory->entries_.empty()) return Errno{ENOTEMPTY};
    return {};
}

void RamDirectory::exchange(const Renaming& renaming, Entry& source, Entry& target) {
    renaming.from.unlink(source);
    renaming.to.unlink(target);
    std::swap(source.node, target.node);
    renaming.from.link(source);
    renaming.to.link(target);
}

}  // namespace fs
