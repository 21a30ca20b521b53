// How the tree of files comes to be at boot. Contract: fs/door.h.
#include "core/process.h"
#include "core/thread.h"
#include "fs/context.h"
#include "fs/descriptors.h"
#include "fs/dev/devices.h"
#include "fs/dev/random.h"
#include "fs/door.h"
#include "fs/initial/initial_file_system.h"
#include "lib/make.h"
#include "lib/strong_id.h"
#include "proc/proc.h"
#include "tty/console_file.h"

#include <linux/fcntl.h>

namespace fs {

namespace {

// Hides what the archive may have under that name, as a file system that is mounted there would.
Result<Directory*> mount_directory(Node& root, FileSystem file_system, uint32_t permissions,
                                   lib::Text name) {
    const RefPtr<Directory> made = TRY(lib::make_ref<Directory>(file_system, permissions, &root));
    TRY(mount(root, name, made));
    return made.get();
}

Result<void> open_console(DescriptorTable& descriptors, Directory& devices, uint64_t limit) {
    const RefPtr<File> console = TRY(TRY(devices.find("console"))->open(O_RDWR));
    for (int i = 0; i < 3; i++) {
        descriptors.publish(TRY(descriptors.reserve(0, limit)), console, OnExec::kKeep);
    }
    return {};
}

}  // namespace

Result<void> init_files(core::Thread& thread, lib::Bytes archive, lib::Text arguments,
                        uint64_t seed) {
    seed_random(seed);
    const RefPtr<Node> root = TRY(build_initial_file_system(archive));
    Directory* devices = TRY(mount_directory(*root, FileSystem::kDevices, 0755, "dev"));
    TRY(add_devices(*devices));
    TRY(mount(*root, "proc", TRY(proc::make_proc(*root, thread, arguments))));

    RefPtr<DescriptorTable> descriptors = TRY(lib::make_ref<DescriptorTable>());
    RefPtr<Context> context = TRY(lib::make_ref<Context>(root, root));
    TRY(open_console(*descriptors, *devices, thread.process->limits.soft(RLIMIT_NOFILE)));
    TRY(tty::init_console_input());
    thread.files = {descriptors.release(), context.release()};
    // Mounted for ever: chroot(2) may leave no program that stands in it.
    static_cast<void>(RefPtr<Node>(root).release());
    return {};
}

}  // namespace fs
