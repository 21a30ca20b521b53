// What a path leads to: a file, a directory, a symbolic link, a device. (Unix says inode.)
//
// The kinds of node are an open set: each file system derives its own. A node is found by its name in
// a directory (directory.h, paths.h); opening it makes a File (file.h), of which there may be many.
#pragma once
#include <cstdint>

#include "abi/stat.h"
#include "lib/make.h"
#include "lib/ref_ptr.h"
#include "lib/result.h"
#include "lib/text.h"
#include "mm/page_source.h"

namespace fs {

class File;

// Which file system a node belongs to: st_dev of stat(2), and that its numbers are unique in.
enum class FileSystem : uint8_t { kRoot = 2, kProc = 4, kDevices = 5 };

// A name in a directory, as getdents64(2) tells it. `next` is where to go on.
struct DirectoryEntry {
    lib::Text name;
    uint64_t number;
    uint32_t mode;
    uint64_t next;
};

class Node : public lib::RefCounted<Node> {
public:
    virtual ~Node() = default;

    const uint32_t mode;    // S_IFMT and permissions, as stat(2) shows them
    const uint64_t number;  // st_ino
    const FileSystem file_system;

    bool is_directory() const { return S_ISDIR(mode); }
    bool is_symbolic_link() const { return S_ISLNK(mode); }
    bool is_regular() const { return S_ISREG(mode); }

    // Whether writing fails with EROFS: what the root holds cannot be changed; devices in it could.
    bool is_read_only() const {
        const bool is_kept = is_regular() || is_directory() || is_symbolic_link();
        return file_system == FileSystem::kRoot && is_kept;
    }

    // ---- what stat(2) asks ----
    virtual uint64_t size() const { return 0; }
    virtual uint64_t links() const { return 1; }
    virtual uint64_t device() const { return 0; }  // st_rdev: which device it stands for

    // Effect: a new open file for `flags` of open(2), which paths.h has checked against the node.
    // ENXIO, ENOMEM. Context: may sleep.
    virtual Result<RefPtr<File>> open(unsigned flags) = 0;

    // The pages of its contents, for mmap and read; none: it cannot be mapped (ENODEV).
    virtual RefPtr<mm::PageSource> pages() { return {}; }

    // ---- directories ----
    // The node of this name, ENOENT if there is none. Never asked for "." and "..".
    virtual Result<RefPtr<Node>> find(lib::Text) { return Errno{ENOTDIR}; }
    // The directory above; the root's is the root. None: not a directory.
    virtual RefPtr<Node> parent() { return {}; }
    // The name by which this directory holds `child`, ENOENT if it does not.
    virtual Result<lib::Text> name_of(const Node&) { return Errno{ENOTDIR}; }
    // The first entry at `position` or behind it (0: the first); false at the end.
    virtual Result<bool> entry_at(uint64_t, DirectoryEntry&) { return Errno{ENOTDIR}; }

    // ---- symbolic links ----
    // Where it points. The text lives as long as the node. EINVAL if the node is no link.
    virtual Result<lib::Text> target() { return Errno{EINVAL}; }

protected:
    Node(FileSystem owner, uint32_t mode_bits)
        : mode(mode_bits), number(next_number()), file_system(owner) {}

private:
    static uint64_t next_number() {
        static lib::Atomic<uint64_t> last{0};
        return last.fetch_add(1) + 1;
    }
};

// Effect: a new node of the kind Kind, or ENOMEM.
template <typename Kind, typename... Arguments>
Result<RefPtr<Node>> make_node(Arguments&&... arguments) {
    return RefPtr<Node>(TRY(lib::make_ref<Kind>(std::forward<Arguments>(arguments)...)));
}

}  // namespace fs
