// The port contract, programs: kElfMachine (elf(5), e_machine), kMachineName
// (uname(2)) and flush_instruction_cache(), to be
// called on the CPU that will run instructions that were just written; kFetchesAnew: it does nothing.
#pragma once
#include "port/elf_machine.h"
