"""What kinds of claim there are, and how a source can bear on one."""

from enum import StrEnum


class ClaimKind(StrEnum):
    FACTUAL = "factual"
    NUMERICAL = "numerical"
    QUOTATION = "quotation"
    CAUSAL = "causal"
    PREDICTION = "prediction"
    OPINION = "opinion"


class Stance(StrEnum):
    SUPPORTS = "supports"
    REFUTES = "refutes"
    CONTEXT = "context"


class Confidence(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class RulingKind(StrEnum):
    PUBLICATION = "publication"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


class CorrectionKind(StrEnum):
    TYPO = "typo"
    CLARIFICATION = "clarification"
    SUBSTANTIAL = "substantial"
    RATING_CHANGED = "rating_changed"
