// Contract: proc/settings.h.
#include "proc/settings.h"

#include "core/credentials.h"
#include "mm/address_space.h"
#include "proc/text_file.h"
#include "task/family.h"
#include "task/system_name.h"

namespace proc {

namespace {

using lib::Sink;
using lib::Text;

Text without_newline(Text text) { return text.first(text.find('\n')); }

// ---- kernel -----------------------------------------------------------------------------------------

void write_pid_max(Sink& sink) {
    sync::SpinGuard guard(task::family_lock);
    lib::format_to(sink, "{}\n", task::pids.limit());
}

Result<void> take_pid_max(Text text) {
    const uint64_t limit = TRY(parse_number(text));
    if (limit > task::PidTable::kMostLimit) return Errno{EINVAL};
    sync::SpinGuard guard(task::family_lock);
    return task::pids.set_limit(static_cast<int>(limit));
}

void write_host_name(Sink& sink) {
    lib::format_to(sink, "{}\n", Text(task::system_name().nodename));
}
Result<void> take_host_name(Text text) {
    const Text name = without_newline(text);
    if (name.size() > 64) return Errno{EINVAL};
    task::set_host_name(name);
    return {};
}

void write_domain_name(Sink& sink) {
    lib::format_to(sink, "{}\n", Text(task::system_name().domainname));
}
void write_os_type(Sink& sink) { lib::format_to(sink, "{}\n", Text(task::system_name().sysname)); }
void write_release(Sink& sink) { lib::format_to(sink, "{}\n", Text(task::system_name().release)); }
void write_version(Sink& sink) { lib::format_to(sink, "{}\n", Text(task::system_name().version)); }
void write_most_groups(Sink& sink) { lib::format_to(sink, "{}\n", core::Groups::kMost); }
void write_most_threads(Sink& sink) { lib::format_to(sink, "{}\n", task::most_threads()); }

// ---- vm, fs -----------------------------------------------------------------------------------------

// Linux's first kind, the only one here: what is obviously too much is refused (mapping.cc).
void write_overcommit(Sink& sink) { lib::format_to(sink, "0\n"); }
Result<void> take_overcommit(Text text) {
    if (TRY(parse_number(text)) != 0) return Errno{EINVAL};
    return {};
}

void write_most_mappings(Sink& sink) {
    lib::format_to(sink, "{}\n", mm::AddressSpace::kMostMappings);
}
void write_lowest_mapping(Sink& sink) {
    lib::format_to(sink, "{}\n", mm::AddressSpace::kLowestMapping);
}

// ---- nodes ------------------------------------------------------------------------------------------

struct Kind {
    const char* name;
    void (*write)(Sink& sink);
    Result<void> (*take)(Text text) = nullptr;  // none: it cannot be changed
};

constexpr Kind kKernel[] = {
    {"domainname", write_domain_name},   {"hostname", write_host_name, take_host_name},
    {"ngroups_max", write_most_groups},  {"osrelease", write_release},
    {"ostype", write_os_type},           {"pid_max", write_pid_max, take_pid_max},
    {"threads-max", write_most_threads}, {"version", write_version},
};
constexpr Kind kVm[] = {
    {"max_map_count", write_most_mappings},
    {"mmap_min_addr", write_lowest_mapping},
    {"overcommit_memory", write_overcommit, take_overcommit},
};

class Setting final : public TextNode {
public:
    Setting(fs::Directory& directory, const Kind& setting)
        : TextNode(fs::FileSystem::kProc, S_IFREG | (setting.take != nullptr ? 0644 : 0444)),
          directory_(directory),
          kind_(setting) {}

    RefPtr<fs::Node> parent() override { return RefPtr<fs::Node>(directory_); }
    Result<void> write_text(Sink& sink) override {
        kind_.write(sink);
        return {};
    }
    Result<void> take_text(Text text) override {
        if (kind_.take == nullptr) return Errno{EPERM};
        return kind_.take(text);
    }

private:
    fs::Directory& directory_;
    const Kind& kind_;
};

Result<void> add_group(fs::Directory& sys, Text name, std::span<const Kind> kinds) {
    const auto group = TRY(lib::make_ref<fs::Directory>(fs::FileSystem::kProc, 0555, &sys));
    TRY(sys.add(name, group));
    for (const Kind& setting : kinds) {
        TRY(group->add(setting.name, TRY(fs::make_node<Setting>(*group, setting))));
    }
    return {};
}

}  // namespace

Result<void> add_settings(fs::Directory& directory, fs::Node& proc) {
    const auto sys = TRY(lib::make_ref<fs::Directory>(fs::FileSystem::kProc, 0555, &proc));
    TRY(directory.add("sys", sys));
    TRY(add_group(*sys, "kernel", kKernel));
    return add_group(*sys, "vm", kVm);
}

}  // namespace proc
