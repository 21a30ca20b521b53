// Contract: fs/directory.h. Names are compared one by one: the directories of an initial file system
// are short, and a length that differs already tells two names apart.
#include "fs/directory.h"

#include <new>

#include "fs/file.h"

namespace fs {

Directory::~Directory() {
    while (Entry* entry = entries_.pop_front()) delete entry;
}

Result<void> Directory::add(lib::Text name, RefPtr<Node> node) {
    const bool is_directory = node->is_directory();
    Entry* entry = entry_named(name);
    if (entry != nullptr) {
        if (entry->node->is_directory()) directories_--;
        entry->node = std::move(node);
    } else {
        entry = new (std::nothrow) Entry{{}, name, std::move(node), next_position_};
        if (entry == nullptr) return Errno{ENOMEM};
        entries_.push_back(*entry);
        next_position_++;
    }
    if (is_directory) directories_++;
    return {};
}

uint64_t Directory::links() const {
    return 2 + directories_;
}  // its name, its ".", each ".." below

Result<RefPtr<File>> Directory::open(unsigned flags) {
    return make_file<DirectoryFile>(RefPtr<Node>(*this), flags);
}

Result<RefPtr<Node>> Directory::find(lib::Text name) {
    Entry* entry = entry_named(name);
    if (entry == nullptr) return Errno{ENOENT};
    return entry->node;
}

Result<lib::Text> Directory::name_of(const Node& child, std::span<char> buffer) {
    for (Entry& entry : entries_) {
        if (entry.node.get() == &child) return put_at_end(entry.name, buffer);
    }
    return Errno{ENOENT};
}

Result<bool> Directory::entry_at(uint64_t position, DirectoryEntry& found) {
    if (position < 2) {
        const Node& node = position == 0 ? *this : *parent_;
        found.describe(node, position == 0 ? "." : "..", position + 1);
        return true;
    }
    for (Entry& entry : entries_) {
        if (entry.position >= position) {
            found.describe(*entry.node, entry.name, entry.position + 1);
            return true;
        }
    }
    return false;
}

Directory::Entry* Directory::entry_named(lib::Text name) {
    for (Entry& entry : entries_) {
        if (entry.name == name) return &entry;
    }
    return nullptr;
}

}  // namespace fs
