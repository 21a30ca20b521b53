// How the shell (sh.cc) reads a line: cut into tokens at once, quotes and dollars resolved only when a
// command runs, for $? changes on the way.
#pragma once

#include <stddef.h>

#include "cairn/print.h"

namespace sh {

inline constexpr int kMostTokens = 256;
inline constexpr size_t kLine = 4096;

enum class Kind {
    kWord,
    kEnd,
    kThen,
    kBack,
    kAnd,
    kOr,
    kPipe,
    kFrom,
    kTo,
    kAppend,
    kErrorTo,
    kErrorToOut,
    kOutToError
};

struct Operator {
    const char* text;
    Kind kind;
};
// Where one begins another, the longer stands first.
inline constexpr Operator kOperators[] = {
    {"2>&1", Kind::kErrorToOut}, {">&2", Kind::kOutToError}, {"2>", Kind::kErrorTo},
    {"&&", Kind::kAnd},          {"||", Kind::kOr},          {">>", Kind::kAppend},
    {";", Kind::kThen},          {"&", Kind::kBack},         {"|", Kind::kPipe},
    {"<", Kind::kFrom},          {">", Kind::kTo},
};

// A word's characters are those of the line, quotes and dollars among them.
struct Token {
    Kind kind;
    const char* begin;
    const char* end;
};

inline bool is_redirection(Kind kind) { return kind >= Kind::kFrom; }

// The end of the text if it begins with `prefix`, else null.
inline const char* behind(const char* text, const char* prefix) {
    while (*prefix != '\0' && *text == *prefix) text++, prefix++;
    return *prefix == '\0' ? text : nullptr;
}

inline bool is_one_of(char c, const char* set) {
    while (*set != '\0' && *set != c) set++;
    return *set != '\0';
}

// The end of the word that begins here; null if one of its quotes is not closed.
inline const char* end_of_word(const char* at) {
    for (char quote = '\0'; *at != '\0'; at++) {
        if (*at == '\\' && quote != '\'' && at[1] != '\0') {
            at++;
        } else if (quote != '\0') {
            if (*at == quote) quote = '\0';
        } else if (is_one_of(*at, "'\"")) {
            quote = *at;
        } else if (is_one_of(*at, " \t\r\n;&|<>")) {
            return at;
        }
        if (at[1] == '\0' && quote != '\0') return nullptr;
    }
    return at;
}

inline Token operator_at(const char* at) {
    for (const Operator& one : kOperators) {
        if (const char* end = behind(at, one.text)) return {one.kind, at, end};
    }
    return {Kind::kWord, at, at};
}

// Cuts the line into tokens, kEnd last. Null, or what is wrong with it.
inline const char* tokenize(const char* line, Token* tokens) {
    const char* at = line;
    for (int count = 0; count < kMostTokens; count++) {
        while (is_one_of(*at, " \t\r\n")) at++;
        if (*at == '\0' || *at == '#') {
            tokens[count] = {Kind::kEnd, at, at};
            return nullptr;
        }
        tokens[count] = operator_at(at);
        if (tokens[count].kind == Kind::kWord) tokens[count].end = end_of_word(at);
        if (tokens[count].end == nullptr) return "a quote is not closed";
        at = tokens[count].end;
    }
    return "too many words";
}

// Room for the words of a command. What finds no room is cut off.
struct Room {
    char bytes[2 * kLine];
    size_t used = 0;
    void put(char c) {
        if (used < sizeof bytes - 1) bytes[used++] = c;
    }
    void put(const char* text) {
        while (*text != '\0') put(*text++);
    }
    char* here() { return bytes + used; }
    void end_word() { bytes[used < sizeof bytes - 1 ? used++ : used] = '\0'; }
};

// What dollars mean.
struct Variables {
    char** environment;
    int status;       // $?
    long shell;       // $$
    long background;  // $!

    // The value of a variable of the environment; empty if there is none.
    const char* named(const char* name, size_t length) const {
        for (char** entry = environment; *entry != nullptr; entry++) {
            size_t i = 0;
            while (i < length && (*entry)[i] == name[i]) i++;
            if (i == length && (*entry)[i] == '=') return *entry + i + 1;
        }
        return "";
    }
};

inline bool is_of_name(char c) {
    const char small = c | ' ';
    return c == '_' || (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9');
}

// Puts what the dollar at `at` means; the place behind it.
inline const char* expand(const char* at, const Variables& variables, Room& room) {
    const char* name = ++at;
    while (is_of_name(*at)) at++;
    if (at != name) {
        room.put(variables.named(name, static_cast<size_t>(at - name)));
        return at;
    }
    if (!is_one_of(*at, "?$!") || *at == '\0') {
        room.put('$');
        return at;
    }
    const long number = *at == '?'   ? variables.status
                        : *at == '$' ? variables.shell
                                     : variables.background;
    char digits[24];
    format_text(digits, sizeof digits, "%ld", number);
    room.put(digits);
    return at + 1;
}

// The word of a token: quotes taken off, dollars resolved; blanks within it stay.
inline char* word_of(const Token& token, const Variables& variables, Room& room) {
    char* word = room.here();
    char quote = '\0';
    for (const char* at = token.begin; at < token.end;) {
        // Within double quotes a backslash is itself before most characters.
        const bool escapes = *at == '\\' && quote != '\'' && at + 1 < token.end;
        if (escapes && (quote == '\0' || is_one_of(at[1], "\"\\$"))) {
            room.put(at[1]);
            at += 2;
        } else if (*at == '$' && quote != '\'') {
            at = expand(at, variables, room);
        } else if (*at == quote) {
            quote = '\0';
            at++;
        } else if (quote == '\0' && is_one_of(*at, "'\"")) {
            quote = *at++;
        } else {
            room.put(*at++);
        }
    }
    room.end_word();
    return word;
}

}  // namespace sh
