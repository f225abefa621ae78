"""The one exception that a user may see."""


class UserError(Exception):
    """Something the user gave or asked for can't be done.

    Carries the key of a sentence in the language files and its parameters, never the sentence:
    the command line and the pages translate it. Programmers' mistakes are ``ValueError``.
    """

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key, params)
        self.key = key
        self.params = params

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.key}({given})"
