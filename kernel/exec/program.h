// A program that processes run: its file and where it lies. Never changes; fork shares it.
#pragma once
#include "fs/node.h"
#include "lib/owned_text.h"
#include "lib/ref_ptr.h"

namespace core {
struct Process;
}

namespace exec {

// Addresses of user memory, as the initial stack has them (proc_pid_cmdline(5), proc_pid_environ(5)).
struct WordsInMemory {
    uint64_t arguments_begin = 0, arguments_end = 0;
    uint64_t environment_begin = 0, environment_end = 0;
};

class Program : public lib::RefCounted<Program> {
public:
    explicit Program(RefPtr<fs::Node> file) : node(std::move(file)), pages(node->pages()) {}
    ~Program();

    // Effect: the program in a regular file, which was looked for by this path; nobody can write to the file
    // as long as it lives. ENOMEM; ETXTBSY: somebody does.
    static Result<RefPtr<Program>> make(RefPtr<fs::Node> file, lib::Text path);

    // The texts live as long as this object. The name is what ps(1) shows: the last one of the path by
    // which it was looked for, cut to 15 bytes.
    lib::Text path() const { return path_.text(); }
    lib::Text name() const { return name_; }

    const RefPtr<fs::Node> node;
    const RefPtr<mm::PageSource> pages;
    // Written once, by the loader.
    uint64_t load_offset = 0;
    WordsInMemory words;

private:
    bool is_runner_ = false;  // of its pages
    lib::OwnedText path_;
    char name_[16] = {};
};

// Effect: the process runs `program`, for all who ask (program_of). Context: the process itself, or boot.
void set_program(core::Process& process, RefPtr<Program> program);

}  // namespace exec
