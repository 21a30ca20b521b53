// Contract: fs/dev/devices.h.
#include "fs/dev/devices.h"

#include <asm/poll.h>
#include <linux/fs.h>

#include "fs/dev/random.h"
#include "fs/page_cache.h"
#include "tty/console_file.h"

namespace fs {

namespace {

alignas(64) constexpr uint8_t kZeros[4096] = {};

// Writing takes everything and looks at nothing, as Linux does: a bad buffer is no error.
Result<size_t> swallow(mm::IoBuffer& from) {
    const size_t count = from.left();
    from.skip(count);
    return count;
}

class NullFile final : public StreamFile {
public:
    using StreamFile::StreamFile;
    Result<size_t> read(mm::IoBuffer&, uint64_t) override { return 0; }
    Result<size_t> write(mm::IoBuffer& from, uint64_t) override { return swallow(from); }
};

class ZeroFile : public StreamFile {
public:
    using StreamFile::StreamFile;
    Result<size_t> read(mm::IoBuffer& to, uint64_t) override {
        size_t done = 0;
        while (to.left() != 0) {
            const size_t count = to.left() < sizeof(kZeros) ? to.left() : sizeof(kZeros);
            const size_t moved = to.put({kZeros, count});
            done += moved;
            if (moved < count) return mm::moved_or(done, EFAULT);
        }
        return done;
    }
    Result<size_t> write(mm::IoBuffer& from, uint64_t) override { return swallow(from); }
};

class FullFile final : public ZeroFile {
public:
    using ZeroFile::ZeroFile;
    Result<size_t> write(mm::IoBuffer& from, uint64_t) override {
        if (from.left() == 0) return 0;
        return Errno{ENOSPC};
    }
};

class RandomFile : public StreamFile {
public:
    using StreamFile::StreamFile;
    Result<size_t> read(mm::IoBuffer& to, uint64_t) override { return read_random(to); }
    // What is written would be stirred in; a seed shall stay a seed.
    Result<size_t> write(mm::IoBuffer& from, uint64_t) override { return swallow(from); }
    Result<uint64_t> seek(int64_t, int) override { return position(); }
};

// /dev/random: there are always numbers, so nobody is asked for more (random(4)).
class FirstRandomFile final : public RandomFile {
public:
    using RandomFile::RandomFile;
    unsigned events() override { return POLLIN | POLLRDNORM; }
};

template <typename Opened>
class DeviceNode final : public Node {
public:
    DeviceNode(Directory& devices, uint32_t permissions, uint64_t device_number,
               RefPtr<mm::PageSource> pages)
        : Node(FileSystem::kDevices, S_IFCHR | permissions),
          devices_(devices),
          device_(device_number),
          pages_(std::move(pages)) {}

    RefPtr<Node> parent() override { return RefPtr<Node>(devices_); }
    uint64_t device() const override { return device_; }
    RefPtr<mm::PageSource> pages() override { return pages_; }
    Result<RefPtr<File>> open(unsigned flags) override {
        return make_file<Opened>(RefPtr<Node>(*this), flags);
    }

private:
    Directory& devices_;
    const uint64_t device_;
    const RefPtr<mm::PageSource> pages_;
};

template <typename Opened>
Result<void> add_device(Directory& devices, lib::Text name, uint32_t permissions, unsigned major,
                        unsigned minor, RefPtr<mm::PageSource> pages = {}) {
    const uint64_t number = major << 8 | minor;
    return devices.add(
        name, TRY(make_node<DeviceNode<Opened>>(devices, permissions, number, std::move(pages))));
}

}  // namespace

// The numbers: Linux, Documentation/admin-guide/devices.txt.
Result<void> add_devices(Directory& devices) {
    TRY(add_device<NullFile>(devices, "null", 0666, 1, 3));
    TRY(add_device<ZeroFile>(devices, "zero", 0666, 1, 5, TRY(lib::make_ref<ZeroPages>())));
    TRY(add_device<FullFile>(devices, "full", 0666, 1, 7));
    TRY(add_device<FirstRandomFile>(devices, "random", 0666, 1, 8));
    TRY(add_device<RandomFile>(devices, "urandom", 0666, 1, 9));
    TRY(add_device<tty::ConsoleFile>(devices, "tty", 0666, 5, 0));
    TRY(add_device<tty::ConsoleFile>(devices, "console", 0600, 5, 1));
    return {};
}

}  // namespace fs
