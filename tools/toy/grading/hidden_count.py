"""The hidden rows of lab count."""

ROWS = {"multiplies_large": ("multiply 1000 1000", "1000000\n")}
