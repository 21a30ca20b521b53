// What a path leads to: a file, a directory, a symbolic link, a device. (Unix says inode.)
//
// The kinds of node are an open set: each file system derives its own. A node is found by its name in
// a directory (directory.h, paths.h); opening it makes a File (file.h), of which there may be many.
#pragma once
#include <cstdint>
#include <cstring>
#include <span>

#include "abi/stat.h"
#include "core/credentials.h"
#include "lib/make.h"
#include "lib/ref_ptr.h"
#include "lib/result.h"
#include "lib/text.h"
#include "mm/page_source.h"
#include "sync/spinlock.h"

namespace fs {

class File;
class Node;
class RamDirectory;

// Which file system a node belongs to: st_dev of stat(2), and that its numbers are unique in.
enum class FileSystem : uint8_t {
    kRoot = 2,
    kProc = 4,
    kDevices = 5,
    kPipes = 12,
    kAnonymous = 13
};

inline constexpr size_t kLongestName = 255;  // NAME_MAX

// A name in a directory, as getdents64(2) tells it: a copy, for the directory may change at any time.
struct DirectoryEntry {
    uint64_t number;
    uint32_t type;  // S_IFMT of st_mode
    uint64_t next;  // the position to go on from
    size_t name_size;
    char name[kLongestName];

    void describe(const Node& node, lib::Text its_name, uint64_t next_position);
};

// What stat(2) shows of a node and calls can change. Times are nanoseconds of the realtime clock.
struct Attributes {
    uint32_t permissions;  // of st_mode: rwx and set-ID bits
    uint32_t uid = 0;
    uint32_t gid = 0;
    int64_t accessed_ns = 0;
    int64_t modified_ns = 0;
    int64_t changed_ns = 0;
};

// A node that is to be made: open(2), mkdir(2), mknod(2), symlink(2).
struct NewNode {
    uint32_t mode;          // S_IFMT and permissions
    uint64_t device = 0;    // st_rdev
    lib::Text target = {};  // of a symbolic link
};

class Node : public lib::RefCounted<Node> {
public:
    virtual ~Node() = default;

    const uint32_t type;    // S_IFMT of st_mode
    const uint64_t number;  // st_ino
    const FileSystem file_system;

    bool is_directory() const { return S_ISDIR(type); }
    bool is_symbolic_link() const { return S_ISLNK(type); }
    bool is_regular() const { return S_ISREG(type); }

    // Whether writing fails with EROFS: what a root that cannot be changed holds; devices in it could.
    bool is_read_only() const {
        const bool is_kept = is_regular() || is_directory() || is_symbolic_link();
        return is_kept && file_system == FileSystem::kRoot && !is_changeable();
    }
    virtual bool is_changeable() const { return false; }

    // ---- what stat(2) asks ----
    uint32_t mode() const { return type | attributes().permissions; }
    Attributes attributes() const {
        sync::SpinGuard guard(lock_);
        return attributes_;
    }
    // Effect: somebody has looked at the contents (atime).
    virtual void note_access() {}
    virtual uint64_t size() const { return 0; }
    virtual uint64_t sectors() const { return is_regular() ? (size() + 511) / 512 : 0; }
    virtual uint64_t links() const { return 1; }
    virtual uint64_t device() const { return 0; }  // st_rdev: which device it stands for

    // Effect: change(attributes), with the lock held.
    template <typename Change>
    void change_attributes(Change change) {
        sync::SpinGuard guard(lock_);
        change(attributes_);
    }

    // Effect: a new open file for `flags` of open(2), which has been checked against the node.
    // ENXIO, ENOMEM. Context: may sleep.
    virtual Result<RefPtr<File>> open(unsigned flags) = 0;

    // The pages of its contents, for mmap and read; none: it cannot be mapped (ENODEV).
    virtual RefPtr<mm::PageSource> pages() { return {}; }

    // Effect: the contents end after `size` bytes; what is new is zero. EROFS; EINVAL: there are none;
    // EFBIG. Context: may sleep.
    virtual Result<void> resize(uint64_t) { return Errno{is_regular() ? EROFS : EINVAL}; }

    // ---- directories ----
    // The node of this name, ENOENT if there is none. Never asked for "." and "..".
    virtual Result<RefPtr<Node>> find(lib::Text) { return Errno{ENOTDIR}; }
    // The directory above; the root's is the root. Of others: a directory that has a name for it; none:
    // nobody knows of one.
    virtual RefPtr<Node> parent() { return {}; }
    // Effect: writes the name by which this directory holds the node to the END of the buffer; returns
    // it. ENOENT if it does not hold it, ENAMETOOLONG.
    virtual Result<lib::Text> name_of(const Node&, std::span<char>) { return Errno{ENOTDIR}; }
    // The first entry at `position` or behind it (0: the first); false at the end.
    virtual Result<bool> entry_at(uint64_t, DirectoryEntry&) { return Errno{ENOTDIR}; }
    // Effect: a new node for this directory, which belongs to whoever these credentials say and has no name
    // yet. EROFS, in /proc ENOENT: no names can be added here; ENOMEM. Context: may sleep.
    virtual Result<RefPtr<Node>> make_child(const NewNode&, const core::Credentials&) {
        return Errno{file_system == FileSystem::kProc ? ENOENT : EROFS};
    }
    // Effect: `name` leads to the node, too. EEXIST; ENOENT: the directory has been removed; EACCES, EROFS,
    // ENOMEM. Context: may sleep.
    virtual Result<void> add_child(lib::Text, RefPtr<Node>, const core::Credentials&) {
        return Errno{EROFS};
    }
    // The same object if its names can be changed, else none.
    virtual RamDirectory* as_ram_directory() { return nullptr; }

    // ---- symbolic links ----
    // Where it points. The text lives as long as the node. EINVAL if the node is no link.
    virtual Result<lib::Text> target() { return Errno{EINVAL}; }
    // The very node that it leads to, whatever its text says; none: whatever stands there. A link to an open
    // file leads to what has no path any more, or never had one (proc_pid_fd(5)). EACCES.
    virtual Result<RefPtr<Node>> destination() { return RefPtr<Node>(); }

    // What a link to it says if it has no path; empty: there is nothing to say.
    virtual lib::Text kind() const { return {}; }

protected:
    Node(FileSystem owner, uint32_t mode) : Node(owner, mode, next_number()) {}
    // A node that is made anew whenever somebody looks for it has the same number each time.
    Node(FileSystem owner, uint32_t mode, uint64_t its_number)
        : type(mode & S_IFMT),
          number(its_number),
          file_system(owner),
          attributes_{.permissions = mode & ~uint32_t{S_IFMT}} {}

private:
    static uint64_t next_number() {
        static lib::Atomic<uint64_t> last{0};
        return last.fetch_add(1) + 1;
    }

    mutable sync::SpinLock lock_{sync::LockRank::kNode};
    Attributes attributes_ GUARDED_BY(lock_);
};

inline void DirectoryEntry::describe(const Node& node, lib::Text its_name, uint64_t next_position) {
    number = node.number;
    type = node.type;
    next = next_position;
    name_size = its_name.size();
    memcpy(name, its_name.data(), name_size);
}

// Effect: a copy of `name` at the end of `buffer`. ENAMETOOLONG if there is no room.
inline Result<lib::Text> put_at_end(lib::Text name, std::span<char> buffer) {
    if (name.size() > buffer.size()) return Errno{ENAMETOOLONG};
    char* const begin = buffer.data() + buffer.size() - name.size();
    memcpy(begin, name.data(), name.size());
    return lib::Text(begin, name.size());
}

// Effect: a new node of the kind Kind, or ENOMEM.
template <typename Kind, typename... Arguments>
Result<RefPtr<Node>> make_node(Arguments&&... arguments) {
    return RefPtr<Node>(TRY(lib::make_ref<Kind>(std::forward<Arguments>(arguments)...)));
}

}  // namespace fs
