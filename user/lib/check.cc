// The program's half of the proof: the secret, the MAC, and the frames on the console.
//
// A frame is one line, written by one write call:
//   \x1eCAIRN fail i=3 line=17 want=<16 hex> got=<16 hex> crc=<8 hex>\n
//   … value i=4 v=<16 hex> … note t=<text, %-escaped> … done n=<sites> mac=<16 hex> …
// crc is CRC-32 of the bytes from CAIRN up to and including the blank before "crc=".
// MAC: m = sip(secret[16:32]); a check: m = sip(m, i, got ^ want); a value: m = sip(m, i | 1 << 63,
// v); at the end sip(m, n, "done"). All under the key secret[0:16], as 64-bit little-endian words.
// secret(n) is sip(secret[16:32], n, "number").

#include "cairn/check.h"

#include "cairn/print.h"
#include "cairn/syscall.h"
#include "siphash.h"

extern "C" {
#define M(i) (0xA5 ^ (i))
// The marker by which the host finds the section; it writes the secret over it before it strips the
// program.
extern const uint8_t cairn_secret[32];
__attribute__((section(".cairn_secret"), used, aligned(8))) const uint8_t cairn_secret[32] = {
    M(0),  M(1),  M(2),  M(3),  M(4),  M(5),  M(6),  M(7),  M(8),  M(9),  M(10),
    M(11), M(12), M(13), M(14), M(15), M(16), M(17), M(18), M(19), M(20), M(21),
    M(22), M(23), M(24), M(25), M(26), M(27), M(28), M(29), M(30), M(31)};
#undef M
}

namespace cairn {
namespace {

constexpr uint64_t kDone = 0x656e6f64;        // "done"
constexpr uint64_t kNumber = 0x7265626d756e;  // "number"
constexpr size_t kFrameBytes = 512;

struct Proof {
    uint64_t mac = 0;
    uint64_t sites = 0;
    uint64_t failures = 0;
    uint64_t answers = 0;
    bool finished = false;
    bool is_child = false;
};

Proof proof;
int argument_count;
char** arguments;

uint64_t secret_word(size_t index) {
    const uint8_t* bytes = cairn_secret;
    // The compiler knows the marker; behind this barrier it must read what really lies there.
    __asm__ volatile("" : "+r"(bytes));
    uint64_t word = 0;
    for (int i = 7; i >= 0; i--) word = word << 8 | bytes[index * 8 + i];
    return word;
}

uint64_t keyed(const uint64_t* words, size_t count) {
    return siphash({secret_word(0), secret_word(1)}, words, count);
}

void fold(uint64_t a, uint64_t b) {
    uint64_t words[] = {proof.mac, a, b};
    proof.mac = keyed(words, 3);
}

uint32_t crc32(const char* bytes, size_t size) {
    uint32_t crc = ~0u;
    for (size_t i = 0; i < size; i++) {
        crc ^= static_cast<uint8_t>(bytes[i]);
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320 : 0);
    }
    return ~crc;
}

__attribute__((format(printf, 1, 2))) void write_frame(const char* format, ...) {
    char frame[kFrameBytes];
    size_t length = format_text(frame, sizeof frame,
                                "\x1e"
                                "CAIRN ");
    va_list list;
    va_start(list, format);
    constexpr size_t kTailBytes = 20;
    length += format_text_list(frame + length, sizeof frame - length - kTailBytes, format, list);
    va_end(list);
    uint32_t crc = crc32(frame + 1, length - 1);
    length += format_text(frame + length, sizeof frame - length, "crc=%08x\n", crc);
    sys_write(1, frame, length);
}

}  // namespace

uint64_t secret(uint64_t n) {
    uint64_t words[] = {secret_word(2), secret_word(3), n, kNumber};
    return keyed(words, 4);
}

const char* argument(int index) { return index < argument_count ? arguments[index] : nullptr; }

uint64_t argument_number(int index, uint64_t fallback) {
    const char* text = argument(index);
    if (text == nullptr) return fallback;
    unsigned base = 10;
    if (text[0] == '0' && text[1] == 'x') base = 16, text += 2;
    uint64_t number = 0;
    for (; *text != '\0'; text++) {
        number = number * base +
                 static_cast<unsigned>(*text <= '9' ? *text - '0' : (*text | 0x20) - 'a' + 10);
    }
    return number;
}

void note(const char* format, ...) {
    char text[120];
    va_list list;
    va_start(list, format);
    size_t length = format_text_list(text, sizeof text, format, list);
    va_end(list);
    char escaped[sizeof text * 3];
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        auto c = static_cast<unsigned char>(text[i]);
        if (c > ' ' && c < 0x7F && c != '%') {
            escaped[used++] = static_cast<char>(c);
        } else {
            used += format_text(escaped + used, sizeof escaped - used, "%%%02x", c);
        }
    }
    escaped[used < sizeof escaped ? used : sizeof escaped - 1] = '\0';
    write_frame("note t=%s ", escaped);
}

void finish() {
    if (proof.finished) return;
    proof.finished = true;
    fold(proof.sites, kDone);
    write_frame("done n=%lu mac=%016lx ", proof.sites, proof.mac);
}

namespace detail {

// Far from the numbers that tests draw themselves.
uint64_t next_answer_key() { return secret((uint64_t{1} << 32) + proof.answers++); }

// The proof must not be told twice: from here on this process has none.
void becomes_child() { proof.finished = proof.is_child = true; }

static void refuse_in_child(uint32_t line) {
    if (!proof.is_child) return;
    note("a check in a child (line %u): only the first process checks", line);
    for (;;) sys_exit_group(kCheckInChild);
}

void check(uint32_t site, uint32_t line, uint64_t got, uint64_t want) {
    refuse_in_child(line);
    fold(site, got ^ want);
    proof.sites++;
    if (got == want) return;
    proof.failures++;
    write_frame("fail i=%u line=%u want=%016lx got=%016lx ", site, line, want, got);
}

void value(uint32_t site, uint64_t v) {
    refuse_in_child(site);
    fold(site | uint64_t{1} << 63, v);
    proof.sites++;
    write_frame("value i=%u v=%016lx ", site, v);
}

int run_test(void (*body)(), int argc, char** argv) {
    argument_count = argc;
    arguments = argv;
    uint64_t words[] = {secret_word(2), secret_word(3)};
    proof.mac = keyed(words, 2);
    body();
    finish();
    return proof.failures == 0 ? 0 : 1;
}

}  // namespace detail
}  // namespace cairn
