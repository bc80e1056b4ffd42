"""What members write to each other about a claim."""

from enum import StrEnum

LONGEST = 5_000
MOST_ON_A_CLAIM = 500


class CommentKind(StrEnum):
    """A remark is for everyone who may read it; a question is for the reviewers it names."""

    REMARK = "remark"
    QUESTION = "question"

    @property
    def label(self) -> str:
        return self.value.capitalize()
