"""The one exception of the commands: it carries a sentence that a person can act on."""


class Refusal(Exception):  # noqa: N818 (the domain's word)
    """A command cannot go on; its text says what is wrong and what would help."""
