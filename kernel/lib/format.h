// Formatting of text, checked by the compiler and without allocation.
//
//   lib::format_to(sink, "frame {} at {:#x}, {:>8}|{:016x}\n", number, address, "name", word);
//
// {[:[<|>][#][0][width][d|x|c|s]]} stands for the next argument; {{ and }} stand for { and }.
// A wrong format string does not compile. Arguments: integers, bool, char, text (const char* or
// anything with data() and size()), pointers. Enumerations must be cast: their number or their name?
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace lib {

// Where formatted text goes. put() may be called many times for one message.
class Sink {
public:
    virtual void put(std::span<const char> text) = 0;

protected:
    ~Sink() = default;
};

// Keeps what fits into the caller's buffer and drops the rest.
class BufferSink final : public Sink {
public:
    explicit BufferSink(std::span<char> buffer) : buffer_(buffer) {}
    void put(std::span<const char> text) override;
    std::span<const char> text() const { return buffer_.first(used_); }
    bool truncated() const { return truncated_; }

private:
    std::span<char> buffer_;
    std::size_t used_ = 0;
    bool truncated_ = false;
};

// One argument, its type remembered in a tag.
struct Argument {
    enum class Kind : std::uint8_t { Signed, Unsigned, Bool, Char, Text, Pointer };

    Kind kind;
    std::uint64_t number;  // for Text: its length
    const char* text;
};

template <typename T>
concept TextLike = requires(const T& text) {
    { text.data() } -> std::convertible_to<const char*>;
    { text.size() } -> std::convertible_to<std::size_t>;
};

Argument text_argument(const char* text);  // a null pointer prints as (null)

template <typename T>
constexpr Argument::Kind argument_kind() {
    using Decayed = std::decay_t<T>;
    static_assert(!std::is_enum_v<Decayed>,
                  "cast the enumerator to an integer, or give its name as text");
    static_assert(!std::is_floating_point_v<Decayed>, "the kernel has no floating point");
    if constexpr (std::is_same_v<Decayed, bool>) {
        return Argument::Kind::Bool;
    } else if constexpr (std::is_same_v<Decayed, char>) {
        return Argument::Kind::Char;
    } else if constexpr (std::is_integral_v<Decayed>) {
        return std::is_signed_v<Decayed> ? Argument::Kind::Signed : Argument::Kind::Unsigned;
    } else if constexpr (std::is_same_v<Decayed, const char*> || std::is_same_v<Decayed, char*> ||
                         TextLike<Decayed>) {
        return Argument::Kind::Text;
    } else {
        static_assert(std::is_pointer_v<Decayed> || std::is_null_pointer_v<Decayed>,
                      "lib::format_to cannot print this type: give one of its members");
        return Argument::Kind::Pointer;
    }
}

template <typename T>
Argument make_argument(const T& value) {
    constexpr Argument::Kind kKind = argument_kind<T>();
    if constexpr (kKind == Argument::Kind::Text) {
        if constexpr (TextLike<T>) {
            return {kKind, value.size(), value.data()};
        } else {
            return text_argument(value);
        }
    } else if constexpr (kKind == Argument::Kind::Pointer) {
        if constexpr (std::is_null_pointer_v<T>) {
            return {kKind, 0, nullptr};
        } else {
            return {kKind, reinterpret_cast<std::uintptr_t>(value), nullptr};
        }
    } else {
        return {kKind, static_cast<std::uint64_t>(value), nullptr};  // signed: sign-extended
    }
}

// What stands between { and }.
struct FormatSpec {
    char align = 0;  // '<', '>', or 0: text to the left, numbers to the right
    bool prefix = false;
    bool zeros = false;
    unsigned width = 0;
    char type = 0;  // 'd', 'x', 'c', 's', or 0: as the argument's type likes it
};

// Parses the specification behind an opening brace and moves `text` behind the closing one.
// Returns false if it is malformed. The compiler runs this first, the kernel later.
constexpr bool parse_spec(const char*& text, FormatSpec& spec) {
    if (*text == ':') {
        text++;
        if (*text == '<' || *text == '>') {
            spec.align = *text++;
        }
        if (*text == '#') {
            spec.prefix = true;
            text++;
        }
        if (*text == '0') {
            spec.zeros = true;
            text++;
        }
        while (*text >= '0' && *text <= '9' && spec.width < 1000) {
            spec.width = spec.width * 10 + static_cast<unsigned>(*text++ - '0');
        }
        if (*text == 'd' || *text == 'x' || *text == 'c' || *text == 's') {
            spec.type = *text++;
        }
    }
    return *text++ == '}';
}

constexpr bool spec_suits(const FormatSpec& spec, Argument::Kind kind) {
    switch (kind) {
        case Argument::Kind::Signed:
        case Argument::Kind::Unsigned: return spec.type != 's';
        case Argument::Kind::Char: return spec.type != 's' && !spec.prefix;
        case Argument::Kind::Bool: return spec.type != 'c' && spec.type != 's';
        case Argument::Kind::Text:
            return (spec.type == 0 || spec.type == 's') && !spec.zeros && !spec.prefix;
        case Argument::Kind::Pointer: return spec.type == 0 || spec.type == 'x';
    }
    return false;
}

// Deliberately not constexpr: a format string that calls one of them does not compile,
// and the error shows the name.
void format_string_has_a_malformed_brace();
void format_string_has_more_braces_than_arguments();
void format_string_has_fewer_braces_than_arguments();
void format_string_does_not_suit_the_type_of_its_argument();

template <typename... Arguments>
struct FormatString {
    template <std::size_t kSize>
    // NOLINTNEXTLINE: a string literal becomes a format string without a word.
    consteval FormatString(const char (&literal)[kSize]) : text(literal) {
        constexpr Argument::Kind kKinds[] = {argument_kind<Arguments>()..., Argument::Kind::Char};
        std::size_t used = 0;
        const char* at = literal;
        while (*at != '\0') {
            const char c = *at++;
            if ((c == '{' || c == '}') && *at == c) {
                at++;
            } else if (c == '}') {
                format_string_has_a_malformed_brace();
            } else if (c == '{') {
                FormatSpec spec;
                if (!parse_spec(at, spec)) {
                    format_string_has_a_malformed_brace();
                } else if (used == sizeof...(Arguments)) {
                    format_string_has_more_braces_than_arguments();
                } else if (!spec_suits(spec, kKinds[used++])) {
                    format_string_does_not_suit_the_type_of_its_argument();
                }
            }
        }
        if (used != sizeof...(Arguments)) {
            format_string_has_fewer_braces_than_arguments();
        }
    }

    const char* text;
};

// A format string together with its arguments, to be written later (a panic has no memory to
// spare for a buffer). It borrows the arguments: it must not outlive the call that made it.
struct Message {
    const char* format;
    std::span<const Argument> arguments;

    void write_to(Sink& sink) const;
};

template <typename... Arguments>
void format_to(Sink& sink, FormatString<std::type_identity_t<Arguments>...> format,
               const Arguments&... arguments) {
    const Argument list[] = {make_argument(arguments)..., Argument{}};
    Message{format.text, {list, sizeof...(Arguments)}}.write_to(sink);
}

}  // namespace lib
