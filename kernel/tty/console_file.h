// The console as a file: /dev/console and /dev/tty, and descriptors 0, 1 and 2 of the first program.
#pragma once
#include "fs/file.h"

namespace tty {

// Effect: typed bytes are kept for programs, and echoed. ENOMEM. Context: boot.
Result<void> init_console_input();

class ConsoleFile final : public fs::File {
public:
    using fs::File::File;

    bool has_position() const override { return false; }
    Result<size_t> read(mm::IoBuffer& to, uint64_t) override;
    Result<size_t> write(mm::IoBuffer& from, uint64_t) override;
    Result<uint64_t> seek(int64_t, int) override { return Errno{ESPIPE}; }
    Result<long> control(unsigned request, uint64_t argument) override;
    unsigned events() override;
    fs::EventQueues event_queues() override;
};

}  // namespace tty
