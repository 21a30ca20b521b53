// What the system calls of fs share: the files of the program that calls, and its paths.
// For the syscalls.cc files only: everything below them gets these as arguments.
#pragma once
#include "core/current.h"
#include "fs/context.h"
#include "fs/descriptors.h"
#include "lib/unique_ptr.h"
#include "mm/user_memory.h"

namespace fs {

inline core::Thread& caller() { return core::current(); }
inline DescriptorTable& descriptors() { return *caller().files.descriptors; }
inline Context& context() { return *caller().files.context; }
// From where and as whom the program looks at paths.
inline const core::Credentials& credentials() { return caller().credentials; }
inline Viewpoint viewpoint() { return context().viewpoint(credentials()); }
inline uint64_t descriptor_limit() { return core::current_limits().soft(RLIMIT_NOFILE); }

// The open file of a descriptor that is more than a place (O_PATH), or EBADF.
inline Result<RefPtr<File>> open_file(int fd) {
    RefPtr<File> file = TRY(descriptors().find(Fd{fd}));
    if (file->is_path_only()) return Errno{EBADF};
    return file;
}

// Effect: the error for a file that would pass RLIMIT_FSIZE, and the signal that comes with it.
Errno refuse_size();

enum class EmptyPath { kRefused, kAllowed };  // AT_EMPTY_PATH

// A path that the program passed, copied into the kernel.
class PathArgument {
public:
    // Effect: reads it. EFAULT, ENAMETOOLONG, ENOMEM, ENOENT if it is empty.
    Result<void> read(mm::UserString path, EmptyPath empty = EmptyPath::kRefused);
    lib::Text text() const { return text_; }

private:
    struct Bytes {
        char bytes[kLongestPath];
    };
    UniquePtr<Bytes> bytes_;
    lib::Text text_;
};

// Effect: where a path begins that goes with the descriptor `fd` of an …at call: AT_FDCWD is the working
// directory, and a path that begins with a slash does not look at it. EBADF, ENOTDIR.
Result<RefPtr<Node>> start_of(int fd, lib::Text path);

// Effect: the node of a path, or with an empty path (PathArgument allowed it) of the start, which an …at
// call's descriptor names.
Result<RefPtr<Node>> node_from(const Viewpoint& seen, const RefPtr<Node>& start, lib::Text path,
                               LastLink last_link);
Result<RefPtr<Node>> node_at(int fd, lib::Text path, LastLink last_link);

}  // namespace fs
