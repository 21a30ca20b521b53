"""Words for the machine and what it must print, by row."""

ROWS = {
    "adds": ("add 2 3", "5\n"),
    "adds_negative": ("add -2 3", "1\n"),
    "multiplies": ("multiply 4 3", "12\n"),
    "word_x86": ("word add 1 1", "64\n2\n"),
}
