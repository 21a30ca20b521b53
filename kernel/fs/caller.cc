// Contract: fs/caller.h.
#include "fs/caller.h"

#include <asm/signal.h>
#include <linux/fcntl.h>

#include "lib/make.h"
#include "signal/door.h"

namespace fs {

Result<void> PathArgument::read(mm::UserString path, EmptyPath empty) {
    bytes_ = TRY(lib::make<Bytes>());
    text_ = TRY(path.read_into(bytes_->bytes));
    if (text_.empty() && empty == EmptyPath::kRefused) return Errno{ENOENT};
    return {};
}

Errno refuse_size() {
    signal::send_to_self(SIGXFSZ);
    return Errno{EFBIG};
}

Result<RefPtr<Node>> start_of(int fd, lib::Text path) {
    if (path.starts_with("/")) return viewpoint().root;
    if (fd == AT_FDCWD) return viewpoint().working;
    RefPtr<Node> node = TRY(descriptors().find(Fd{fd}))->share_node();
    if (!node->is_directory() && !path.empty()) return Errno{ENOTDIR};
    return node;
}

Result<RefPtr<Node>> node_from(const Viewpoint& seen, const RefPtr<Node>& start, lib::Text path,
                               LastLink last_link) {
    if (path.empty()) return start;
    return find_node(seen, start, path, last_link);
}

Result<RefPtr<Node>> node_at(int fd, lib::Text path, LastLink last_link) {
    return node_from(viewpoint(), TRY(start_of(fd, path)), path, last_link);
}

}  // namespace fs
