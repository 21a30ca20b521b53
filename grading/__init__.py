"""Cairn's graders: a pytest plugin that boots QEMU and believes only what it can prove."""
