// A number that programs add to and take from, and wait for: eventfd(2).
#pragma once
#include "fs/file.h"

namespace fs {

// What a file leads to that has no name anywhere, and what the links of /proc/self/fd say instead.
class AnonymousNode final : public Node {
public:
    explicit AnonymousNode(lib::Text kind)
        : Node(FileSystem::kAnonymous, S_IRUSR | S_IWUSR), kind_(kind) {}
    Result<RefPtr<File>> open(unsigned) override { return Errno{ENXIO}; }
    lib::Text kind() const override { return kind_; }

private:
    const lib::Text kind_;
};

class EventFile final : public File {
public:
    enum class Taking : uint8_t { kAll, kOne };  // EFD_SEMAPHORE

    EventFile(RefPtr<Node> node, unsigned flags, uint64_t count, Taking taking)
        : File(std::move(node), flags), taking_(taking), count_(count) {}

    bool has_position() const override { return false; }
    Result<size_t> read(mm::IoBuffer& to, uint64_t) override;
    Result<size_t> write(mm::IoBuffer& from, uint64_t) override;
    Result<uint64_t> seek(int64_t, int) override { return 0; }
    unsigned events() override;
    EventQueues event_queues() override { return {&readable_, &writable_}; }

private:
    static constexpr uint64_t kMost = UINT64_MAX - 1;

    Result<uint64_t> take();
    Result<void> add(uint64_t number);

    const Taking taking_;
    sync::SpinLock lock_{sync::LockRank::kFiles};
    uint64_t count_ GUARDED_BY(lock_);
    sync::WaitQueue readable_;
    sync::WaitQueue writable_;
};

}  // namespace fs
