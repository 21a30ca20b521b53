// Contract: task/pidfd.h.
#include "task/pidfd.h"

#include <asm/fcntl.h>
#include <asm/poll.h>

#include "core/current.h"
#include "task/family.h"

namespace task {

namespace {

constexpr lib::Text kKind = "[pidfd]";

// What a pidfd is a file of: it has no name anywhere, and only its kind tells it from other files.
class PidfdNode final : public fs::Node {
public:
    explicit PidfdNode(core::Process& process)
        : Node(fs::FileSystem::kAnonymous, 0600), process_(process) {}
    Result<RefPtr<fs::File>> open(unsigned) override { return Errno{ENXIO}; }
    lib::Text kind() const override { return kKind; }
    core::Process& process() const { return *process_; }

private:
    const RefPtr<core::Process> process_;
};

class PidfdFile final : public fs::File {
public:
    using File::File;

    Result<uint64_t> seek(int64_t, int) override { return Errno{ESPIPE}; }
    Result<size_t> read(mm::IoBuffer&, uint64_t) override { return Errno{EINVAL}; }
    Result<size_t> write(mm::IoBuffer&, uint64_t) override { return Errno{EINVAL}; }
    unsigned events() override {
        sync::SpinGuard guard(family_lock);
        if (is_alive(process())) return 0;
        const bool is_gone = process().task.state == ProcessState::kReaped;
        return POLLIN | POLLRDNORM | (is_gone ? POLLHUP : 0);
    }
    fs::EventQueues event_queues() override { return {&process().task.changed, nullptr}; }

private:
    core::Process& process() const { return static_cast<PidfdNode&>(node()).process(); }
};

}  // namespace

Result<RefPtr<fs::File>> make_pidfd(core::Process& process, unsigned flags) {
    const RefPtr<fs::Node> node = TRY(fs::make_node<PidfdNode>(process));
    return fs::make_file<PidfdFile>(node, O_RDWR | (flags & O_NONBLOCK));
}

Result<RefPtr<core::Process>> process_of_pidfd(const fs::File& file) {
    if (file.node().kind() != kKind) return Errno{EBADF};
    return RefPtr<core::Process>(static_cast<PidfdNode&>(file.node()).process());
}

PidfdReservation::~PidfdReservation() {
    if (number_ >= 0) core::current().files.descriptors->cancel(Fd{number_});
}

Result<void> PidfdReservation::reserve(core::Process& process, mm::UserPtr<int> place) {
    file_ = TRY(make_pidfd(process, 0));
    const uint64_t limit = core::current_limits().soft(RLIMIT_NOFILE);
    number_ = TRY(core::current().files.descriptors->reserve(0, limit)).value();
    return place.write(number_);
}

void PidfdReservation::publish() {
    if (number_ < 0) return;
    core::current().files.descriptors->publish(Fd{number_}, std::move(file_), fs::OnExec::kClose);
    number_ = -1;
}

}  // namespace task
