// From a path to a node (path_resolution(7)): slashes, ".", "..", symbolic links, and what Linux says
// about each path that leads nowhere.
#pragma once
#include <cstddef>

#include "fs/node.h"
#include "lib/text.h"

namespace fs {

// From where paths are looked at, and by whom: fs/context.h has a program's.
struct Viewpoint {
    RefPtr<Node> root;
    RefPtr<Node> working;  // the current directory
    core::Credentials credentials{};
};

inline constexpr size_t kLongestPath = 4096;  // PATH_MAX, with the NUL
inline constexpr unsigned kMostLinks = 40;    // that one path may follow

// What becomes of a symbolic link that the last name of a path leads to. (All others are followed.) kKeep:
// a slash behind it follows it all the same; kName: not even that, for calls that change the name itself.
enum class LastLink { kFollow, kKeep, kName };

// What the last name of a path is.
enum class LastName { kRoot, kDot, kDotDot, kName };

// The place that a path names. There may be nothing there yet, but its directory exists.
struct Place {
    RefPtr<Node> directory;
    RefPtr<Node> node;             // what stands there, or none
    bool ends_with_slash = false;  // so it can only be a directory
    LastName last = LastName::kRoot;
    lib::Text name = {};     // the last one; it lies in the path,
    RefPtr<Node> link = {};  // or in this link
};

// Effect: resolves `path`, from `start` if it does not begin with a slash. ENOENT: it is empty, or a
// directory on the way does not exist; ENOTDIR: one is something else; ENAMETOOLONG: a name on the way
// is longer than kLongestName; ELOOP: more than kMostLinks links; EACCES: one that may not be searched.
// With kName, whoever asks looks at ends_with_slash. Context: may sleep.
Result<Place> find_place(const Viewpoint& viewpoint, const RefPtr<Node>& start, lib::Text path,
                         LastLink last_link);

// Effect: the same for what must exist: ENOENT if nothing stands there.
Result<RefPtr<Node>> find_node(const Viewpoint& viewpoint, const RefPtr<Node>& start,
                               lib::Text path, LastLink last_link);

// Effect: writes the path of a node from the root, and a NUL, to the END of `buffer`; returns it without the
// NUL. ENOENT if its name has been removed, ENAMETOOLONG if `buffer` is too small.
Result<lib::Text> path_of(const Viewpoint& viewpoint, RefPtr<Node> node, std::span<char> buffer);

}  // namespace fs
