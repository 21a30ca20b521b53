"""The rules behind `make lint`; tools/lint.py runs them, docs/hooks.py takes the book's excerpts by sources.py."""
