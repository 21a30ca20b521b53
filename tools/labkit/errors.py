"""The one exception of the lab tools: a complaint that a person can act on."""


class LabError(Exception):
    """What was expected, what came, where to look, and the command to run next.

    Printed by tools/labs.py, which then ends with status 2. Only `what` is always there.
    """

    def __init__(self, what: str, *, expected: str = "", got: str = "", where: str = "", run: str = ""):
        self.what, self.expected, self.got, self.where, self.run = what, expected, got, where, run
        super().__init__(self.text())

    def text(self) -> str:
        lines = [self.what]
        for label, value in (("expected", self.expected), ("got", self.got),
                             ("look at", self.where), ("run next", self.run)):
            if value:
                lines.append(f"  {label + ':':<10}" + value.replace("\n", "\n" + " " * 12))
        return "\n".join(lines)

    def as_dict(self) -> dict:
        return {"what": self.what, "expected": self.expected, "got": self.got, "where": self.where, "run": self.run}


class LabErrors(LabError):
    """Several complaints at once, so that a reader mends them in one go."""

    def __init__(self, errors: list[LabError]):
        self.errors = errors
        Exception.__init__(self, "\n".join(error.text() for error in errors))
        self.what = f"{len(errors)} problems"

    def text(self) -> str:
        return "\n".join(error.text() for error in self.errors)


def raise_all(errors: list[LabError]) -> None:
    """Raises nothing, the one, or all of them."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise LabErrors(errors)
