/* The least program there is, for whoever writes an ELF file himself: it calls exit(0). */
#ifndef CAIRN_ARCH_TINY_PROGRAM_H
#define CAIRN_ARCH_TINY_PROGRAM_H

#include <elf.h>

enum { kTinyMachine = EM_X86_64 };
/* xor edi, edi; mov eax, 60; syscall */
static const unsigned char kTinyCode[] = {0x31, 0xff, 0xb8, 60, 0, 0, 0, 0x0f, 0x05};

#endif
