// A small shell: `sh`, `sh FILE`, `sh -c TEXT`. Each line is a list of its own:
//
//   list      pipeline { (';' | '&' | '&&' | '||') pipeline }   left to right; & is for its pipeline alone
//   pipeline  command { '|' command }                           as many processes
//   command   words, and < FILE  > FILE  >> FILE  2> FILE  2>&1  >&2, in the order of the line
//
// Words have quotes, backslashes, $?, $$, $! and $NAME (sh_line.h). The shell itself does cd, exit, wait,
// true and false. For patterns, loops and functions there is BusyBox.
#include <asm/ioctls.h>
#include <asm/termbits.h>

#include "cairn/files.h"
#include "cairn/pipe.h"
#include "cairn/process.h"
#include "sh_line.h"

namespace {

using sh::Kind;
using sh::Token;

constexpr int kMostWords = 64, kMostProcesses = 32;
enum { kNotFound = 127, kNotExecutable = 126, kMistake = 2 };

sh::Variables variables;
sh::Room room;  // of the pipeline that is being started
bool is_interactive;

int complain(const char* about, const char* what, int status) {
    char line[256];
    const size_t length = format_text(line, sizeof line, "sh: %s: %s\n", about, what);
    sys_write(2, line, length);
    return status;
}

const char* describe(long error) {
    switch (-error) {
        case ENOENT: return "not found";
        case EACCES: return "permission denied";
        case ENOEXEC: return "not a program";
        case EISDIR: return "is a directory";
        case ENOTDIR: return "not a directory";
        case EROFS: return "cannot be changed";
        case ECHILD: return "no child of this shell";
        case EAGAIN:
        case ENOMEM: return "out of memory or processes";
        default: return "failed";
    }
}

bool same(const char* a, const char* b) {
    const char* end = sh::behind(a, b);
    return end != nullptr && *end == '\0';
}

// ---- processes that end ---------------------------------------------------------------------------

// $? for what wait4 says: an exit code, or 128 and the signal.
int code_of(int status) {
    return (status & 0x7f) != 0 ? 128 + (status & 0x7f) : status >> 8 & 0xff;
}

// Waits for one child, -1: any. Its code; -ECHILD if there is none.
long reap(long pid) {
    int status = 0;
    long reaped;
    do {
        reaped = sys_wait4(static_cast<int>(pid), &status, 0, nullptr);
    } while (reaped == -EINTR);
    if (reaped < 0) return reaped;
    if ((status & 0x7f) == 9) complain("a process", "killed", 0);
    return code_of(status);
}

// Those of the background that have ended meanwhile: nobody else takes them away.
void reap_ended() {
    int status;
    for (long pid; (pid = sys_wait4(-1, &status, WNOHANG, nullptr)) > 0;) {
        if (is_interactive) print("[%ld] ended with %d\n", pid, code_of(status));
    }
}

long number_of(const char* word) {
    long number = 0;
    while (*word >= '0' && *word <= '9') number = number * 10 + (*word++ - '0');
    return number;
}

// ---- one command -----------------------------------------------------------------------------------

struct Words {
    char* word[kMostWords + 1] = {};
    int count = 0;
};

// Does the redirection at `at`, and moves behind it.
bool redirect(const Token*& at) {
    const Kind kind = at++->kind;
    if (kind == Kind::kErrorToOut) return sys_dup3(1, 2, 0) >= 0;
    if (kind == Kind::kOutToError) return sys_dup3(2, 1, 0) >= 0;
    if (at->kind != Kind::kWord) return complain("a redirection", "needs a file", 0), false;
    const char* path = sh::word_of(*at++, variables, room);
    const int flags = kind == Kind::kFrom     ? O_RDONLY
                      : kind == Kind::kAppend ? O_WRONLY | O_CREAT | O_APPEND
                                              : O_WRONLY | O_CREAT | O_TRUNC;
    const long fd = create_path(path, flags | O_CLOEXEC, 0666);
    if (fd < 0) return complain(path, describe(fd), 0), false;
    return sys_dup3(static_cast<int>(fd),
                    kind == Kind::kFrom      ? 0
                    : kind == Kind::kErrorTo ? 2
                                             : 1,
                    0) >= 0;
}

// Takes a command's words, and does its redirections; false if that failed, with a complaint.
bool prepare(const Token* at, Words& words) {
    while (at->kind == Kind::kWord || sh::is_redirection(at->kind)) {
        if (at->kind != Kind::kWord) {
            if (!redirect(at)) return false;
            continue;
        }
        if (words.count == kMostWords) return complain("a command", "too many words", 0), false;
        words.word[words.count++] = sh::word_of(*at++, variables, room);
    }
    return true;
}

// The calling process becomes the program, which is looked for in $PATH, or does not come back.
[[noreturn]] void become(char** words) {
    const char* folders = variables.named("PATH", 4);
    if (*folders == '\0') folders = "/bin:/sbin:/usr/bin:/usr/sbin";
    bool is_path = false;
    for (const char* c = words[0]; *c != '\0'; c++) is_path |= *c == '/';
    long error = is_path ? sys_execve(words[0], words, variables.environment) : -ENOENT;
    while (!is_path && *folders != '\0') {
        const char* path = room.here();
        while (*folders != ':' && *folders != '\0') room.put(*folders++);
        if (*folders == ':') folders++;
        room.put('/');
        room.put(words[0]);
        room.end_word();
        const long refused = sys_execve(path, words, variables.environment);
        if (refused != -ENOENT && refused != -ENOTDIR) error = refused;
    }
    for (;;)
        sys_exit_group(
            complain(words[0], describe(error), error == -ENOENT ? kNotFound : kNotExecutable));
}

// What the shell must do itself: a child's directory and children are not the shell's. -1: no such command.
int run_builtin(const Words& words) {
    const char* name = words.word[0];
    const char* argument = words.word[1];
    if (same(name, "true")) return 0;
    if (same(name, "false")) return 1;
    if (same(name, "exit"))
        for (;;)
            sys_exit_group(argument ? static_cast<int>(number_of(argument)) : variables.status);
    if (same(name, "cd")) {
        const char* path = argument ? argument : variables.named("HOME", 4);
        const long error = sys_chdir(path);
        return error < 0 ? complain(path, describe(error), 1) : 0;
    }
    if (!same(name, "wait")) return -1;
    if (argument == nullptr) {
        while (reap(-1) >= 0) {
        }
        return 0;
    }
    const long code = reap(number_of(argument));
    return code < 0 ? complain(argument, describe(code), kNotFound) : static_cast<int>(code);
}

// ---- pipelines -------------------------------------------------------------------------------------

const Token* end_of_command(const Token* at) {
    while (at->kind == Kind::kWord || sh::is_redirection(at->kind)) at++;
    return at;
}

// In the child: the command at `at`, from `in` to `out`.
[[noreturn]] void run_child(const Token* at, int in, int out) {
    if (in != 0) sys_dup3(in, 0, 0);
    if (out != 1) sys_dup3(out, 1, 0);
    Words words;
    if (!prepare(at, words)) sys_exit_group(1);
    if (words.count == 0) sys_exit_group(0);
    const int status = run_builtin(words);
    if (status >= 0) sys_exit_group(status);
    become(words.word);
}

// Starts a process for each command of the pipeline; how many. Pipes close on execve(2), and here.
int start_pipeline(const Token* at, bool in_background, long* pids) {
    int in = in_background ? static_cast<int>(open_path("/dev/null", O_RDONLY | O_CLOEXEC)) : 0;
    for (int count = 0;; at++) {
        const Token* end = end_of_command(at);
        int fds[2] = {-1, 1};
        if (end->kind == Kind::kPipe && sys_pipe2(fds, O_CLOEXEC) < 0)
            return complain("a pipe", "failed", count);
        const long pid = sys_fork();
        if (pid == 0) run_child(at, in, fds[1]);
        if (in > 0) sys_close(in);
        if (fds[1] != 1) sys_close(fds[1]);
        if (pid < 0) return complain("a process", describe(pid), count);
        pids[count++] = pid;
        if (end->kind != Kind::kPipe || count == kMostProcesses) return count;
        at = end;
        in = fds[0];
    }
}

// A builtin that stands alone runs in the shell itself, and its redirections are its own. -1: it is none.
int try_builtin(const Token* at) {
    if (at->kind != Kind::kWord || end_of_command(at)->kind == Kind::kPipe) return -1;
    Words words;
    for (const Token* one = at; one->kind == Kind::kWord && words.count < kMostWords; one++)
        words.word[words.count++] = sh::word_of(*one, variables, room);
    return run_builtin(words);
}

int run_pipeline(const Token* at, bool in_background) {
    room.used = 0;
    const int built_in = in_background ? -1 : try_builtin(at);
    if (built_in >= 0) return built_in;
    long pids[kMostProcesses];
    const int count = start_pipeline(at, in_background, pids);
    if (count == 0) return 1;
    if (in_background) {
        variables.background = pids[count - 1];
        if (is_interactive) print("[%ld]\n", variables.background);
        return 0;
    }
    long code = 0;
    for (int i = 0; i < count; i++) code = reap(pids[i]);  // the last one's counts
    return static_cast<int>(code);
}

// ---- lists -----------------------------------------------------------------------------------------

// The operator behind the pipeline; null, after a complaint, if it is no pipeline.
const Token* end_of_pipeline(const Token* at) {
    for (;; at++) {
        const Token* end = end_of_command(at);
        if (end == at) return complain("a command", "is missing", 0), nullptr;
        if (end->kind != Kind::kPipe) return end;
        at = end;
    }
}

void run_line(const char* line) {
    static Token tokens[sh::kMostTokens];
    if (const char* mistake = sh::tokenize(line, tokens)) {
        variables.status = complain("this line", mistake, kMistake);
        return;
    }
    bool skips = false;
    for (const Token* at = tokens; at->kind != Kind::kEnd;) {
        const Token* end = end_of_pipeline(at);
        if (end == nullptr) {
            variables.status = kMistake;
            return;
        }
        if (!skips) variables.status = run_pipeline(at, end->kind == Kind::kBack);
        // A pipeline that was skipped leaves $? as it was: `false && x || y` runs y.
        skips = (end->kind == Kind::kAnd && variables.status != 0) ||
                (end->kind == Kind::kOr && variables.status == 0);
        at = end->kind == Kind::kEnd ? end : end + 1;
    }
}

// Reads up to the end of a line, byte by byte: the rest is for the programs that are started.
bool read_line(int fd, char* line) {
    for (size_t used = 0;; used++) {
        if (sys_read(fd, line + used, 1) != 1) return line[used] = '\0', used != 0;
        if (line[used] == '\n' || used == sh::kLine - 2) return line[used] = '\0', true;
    }
}

}  // namespace

int main(int argc, char** argv, char** envp) {
    static char line[sh::kLine];
    variables = {envp, 0, sys_getpid(), 0};
    if (argc > 2 && same(argv[1], "-c")) {
        run_line(argv[2]);
        return variables.status;
    }
    long input = argc > 1 ? open_path(argv[1], O_RDONLY | O_CLOEXEC) : 0;
    if (input < 0) return complain(argv[1], describe(input), kNotFound);
    termios modes;
    is_interactive = input == 0 && system_call(__NR_ioctl, 0, TCGETS, (long)&modes, 0, 0, 0) == 0;
    for (;;) {
        if (is_interactive) print("$ ");
        if (!read_line(static_cast<int>(input), line)) return variables.status;
        run_line(line);
        reap_ended();
    }
}
