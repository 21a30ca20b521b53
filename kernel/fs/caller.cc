// Contract: fs/caller.h.
#include "fs/caller.h"

#include <linux/fcntl.h>

#include "lib/make.h"

namespace fs {

Result<void> PathArgument::read(mm::UserString path, EmptyPath empty) {
    bytes_ = TRY(lib::make<Bytes>());
    text_ = TRY(path.read_into(bytes_->bytes));
    if (text_.empty() && empty == EmptyPath::kRefused) return Errno{ENOENT};
    return {};
}

Result<RefPtr<Node>> start_of(int fd, lib::Text path) {
    if (path.starts_with("/")) return context().viewpoint().root;
    if (fd == AT_FDCWD) return context().viewpoint().working;
    RefPtr<Node> node = TRY(descriptors().find(Fd{fd}))->share_node();
    if (!node->is_directory() && !path.empty()) return Errno{ENOTDIR};
    return node;
}

Result<RefPtr<Node>> node_at(int fd, lib::Text path, LastLink last_link) {
    RefPtr<Node> start = TRY(start_of(fd, path));
    if (path.empty()) return start;
    return find_node(context().viewpoint(), start, path, last_link);
}

}  // namespace fs
