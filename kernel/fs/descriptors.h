// The open files of a program by number (file descriptors). Lab processes lets processes share a table.
//
// A call that makes a descriptor reserves the number first and publishes the file last, when nothing
// can fail any more: another thread never sees a descriptor that is half open.
#pragma once
#include <cstddef>
#include <cstdint>

#include "fs/file.h"
#include "lib/ref_ptr.h"
#include "lib/result.h"
#include "lib/strong_id.h"
#include "sync/spinlock.h"

namespace fs {

enum class OnExec : uint8_t { kKeep, kClose };  // FD_CLOEXEC

class DescriptorTable : public lib::RefCounted<DescriptorTable> {
public:
    DescriptorTable() = default;
    ~DescriptorTable();

    // Effect: another table in which the same numbers lead to the same files. ENOMEM. Context: may sleep.
    Result<RefPtr<DescriptorTable>> clone() const;

    // Effect: closes what shall not outlive the program (FD_CLOEXEC). Context: may sleep.
    void close_on_exec();

    // The open file of a number, EBADF if there is none. Context: any.
    Result<RefPtr<File>> find(Fd fd) const;

    // The smallest number from `lowest` on that is open; EBADF: none. Context: any.
    Result<Fd> next(uint64_t lowest) const;

    // For how many numbers there is room already. Context: any.
    size_t capacity() const {
        sync::SpinGuard guard(lock_);
        return capacity_;
    }

    // Effect: the smallest free number from `lowest` is taken, below `limit` (RLIMIT_NOFILE). EMFILE,
    // ENOMEM. It must be published or cancelled.
    Result<Fd> reserve(int lowest, uint64_t limit);
    void publish(Fd fd, RefPtr<File> file, OnExec on_exec);
    void cancel(Fd fd);

    // Effect: `fd` leads to `file`; returns what it led to before, for the caller to drop. EBADF if it is
    // not below `limit`, EBUSY if it is reserved, ENOMEM.
    Result<RefPtr<File>> replace(Fd fd, RefPtr<File> file, OnExec on_exec, uint64_t limit);

    // Effect: the number is free; returns its file, which closes when the caller drops it. EBADF.
    Result<RefPtr<File>> remove(Fd fd);

    Result<OnExec> on_exec(Fd fd) const;
    Result<void> set_on_exec(Fd fd, OnExec on_exec);

private:
    enum class State : uint8_t { kFree, kReserved, kOpen };
    struct Slot {
        RefPtr<File> file;
        State state = State::kFree;
        OnExec on_exec = OnExec::kKeep;
    };
    static constexpr size_t kFirstCapacity = 16;
    static constexpr size_t kNoSlot = ~size_t{0};

    Result<size_t> take_slot(size_t lowest, uint64_t limit);
    Result<void> grow_beyond(size_t index);
    Slot* open_slot(Fd fd) const REQUIRES(lock_);
    bool copy_to(DescriptorTable& copy) const;
    RefPtr<File> take_closing(size_t& index);

    mutable sync::SpinLock lock_{sync::LockRank::kFiles};
    Slot* slots_ GUARDED_BY(lock_) = nullptr;
    size_t capacity_ GUARDED_BY(lock_) = 0;
    size_t lowest_free_ GUARDED_BY(lock_) = 0;  // none below it is free
};

}  // namespace fs
