// x86_64: what the CPU tells about itself (Intel SDM volume 2, CPUID); all CPUs of a machine are alike.
// Contract: arch/cpu_info.h.
#include "arch/cpu_info.h"

#include <cpuid.h>

#include <cstring>

#include "arch/cpu.h"
#include "lib/text.h"

namespace arch {

namespace {

struct Answer {
    unsigned a = 0, b = 0, c = 0, d = 0;
};

// All zeros if the CPU does not know the question.
Answer ask(unsigned leaf) {
    Answer answer;
    if (__get_cpuid(leaf, &answer.a, &answer.b, &answer.c, &answer.d) == 0) return {};
    return answer;
}

lib::Text without_blanks(lib::Text text) {
    while (text.starts_with(" ")) text = text.without_first(1);
    return text.first(text.find('\0'));
}

void write_names(lib::Sink& sink) {
    char vendor[13] = {};
    const Answer first = ask(0);
    memcpy(vendor, &first.b, 4);
    memcpy(vendor + 4, &first.d, 4);
    memcpy(vendor + 8, &first.c, 4);
    char brand[49] = {};
    for (unsigned i = 0; i < 3; i++) {
        const Answer part = ask(0x80000002 + i);
        memcpy(brand + i * sizeof(part), &part, sizeof(part));
    }
    const unsigned version = ask(1).a;
    unsigned family = version >> 8 & 15, model = version >> 4 & 15;
    if (family >= 6) model += (version >> 16 & 15) << 4;
    if (family == 15) family += version >> 20 & 255;
    lib::format_to(sink, "vendor_id\t: {}\ncpu family\t: {}\nmodel\t\t: {}\n", lib::Text(vendor),
                   family, model);
    lib::format_to(sink, "model name\t: {}\nstepping\t: {}\n", without_blanks(brand), version & 15);
}

void write_flags(lib::Sink& sink) {
    struct Flag {
        unsigned bit;
        const char* name;
    };
    constexpr Flag kInD[] = {{0, "fpu"},   {4, "tsc"},  {5, "msr"},   {6, "pae"},      {8, "cx8"},
                             {9, "apic"},  {13, "pge"}, {15, "cmov"}, {19, "clflush"}, {23, "mmx"},
                             {24, "fxsr"}, {25, "sse"}, {26, "sse2"}};
    constexpr Flag kInC[] = {{0, "pni"},     {9, "ssse3"},   {13, "cx16"},   {19, "sse4_1"},
                             {20, "sse4_2"}, {21, "x2apic"}, {23, "popcnt"}, {25, "aes"},
                             {26, "xsave"},  {28, "avx"},    {30, "rdrand"}, {31, "hypervisor"}};
    const Answer features = ask(1);
    lib::format_to(sink, "flags\t\t:");
    for (const Flag& flag : kInD) {
        if ((features.d >> flag.bit & 1) != 0) lib::format_to(sink, " {}", flag.name);
    }
    for (const Flag& flag : kInC) {
        if ((features.c >> flag.bit & 1) != 0) lib::format_to(sink, " {}", flag.name);
    }
    lib::format_to(sink, "\n");
}

}  // namespace

void write_cpu_info(lib::Sink& sink, const Cpu& cpu) {
    lib::format_to(sink, "processor\t: {}\n", cpu.index);
    write_names(sink);
    lib::format_to(sink, "physical id\t: {}\nsiblings\t: 1\ncore id\t\t: 0\ncpu cores\t: 1\n",
                   cpu.index);
    lib::format_to(sink, "apicid\t\t: {}\ninitial apicid\t: {}\nfpu\t\t: yes\nwp\t\t: yes\n",
                   cpu.hardware_id, cpu.hardware_id);
    write_flags(sink);
    const unsigned widths = ask(0x80000008).a;
    lib::format_to(sink, "clflush size\t: {}\n", (ask(1).b >> 8 & 255) * 8);
    lib::format_to(sink, "address sizes\t: {} bits physical, {} bits virtual\n", widths & 255,
                   widths >> 8 & 255);
}

}  // namespace arch
