"""What kinds of claim and of source there are, and how a source can bear on a claim."""

from enum import StrEnum


class ClaimKind(StrEnum):
    FACTUAL = "factual"
    NUMERICAL = "numerical"
    QUOTATION = "quotation"
    CAUSAL = "causal"
    PREDICTION = "prediction"
    OPINION = "opinion"


class SourceType(StrEnum):
    NEWS_REPORT = "news_report"
    OFFICIAL_DOCUMENT = "official_document"
    STATISTICS = "statistics"
    STUDY = "study"
    STATEMENT = "statement"
    SOCIAL_POST = "social_post"
    FACT_CHECK = "fact_check"
    OTHER = "other"


class Reliability(StrEnum):
    """The desk's view of a source."""

    RELIABLE = "reliable"
    MIXED = "mixed"
    UNRELIABLE = "unreliable"


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
