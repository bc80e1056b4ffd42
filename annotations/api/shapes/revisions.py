"""New texts of an article: what they change, and what waits for a place in them."""

from typing import Any

from rest_framework import serializers

from annotations.actions.articles import MEDIA_TYPES, PLAIN
from annotations.actions.revisions import MOST_PLACES
from annotations.api.fields import Id, ListOf, OneOf, Truth, TruthInAddress, Whole, Words
from annotations.api.given import Asked, Given
from annotations.api.shapes.articles import MOST_FURNITURE, BlockShape, RevisionOfArticle
from annotations.api.shapes.claims import AppearanceShape
from annotations.api.shapes.problems import RevisionNamed
from annotations.rules.carrying import Result
from annotations.rules.diffs import Change
from annotations.rules.reattaching import Outcome, Waits

LONGEST_WORDS = 500  # code points of a text that a preview shows in one place
MOST_SHOWN = 500  # marks, and stretches, that it shows
OUTCOMES = [one.value for one in Outcome]


class RevisionShape(serializers.Serializer[Any]):
    """One frozen text of an article, named by the SHA-256 of its UTF-8 form."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    article = serializers.CharField(source="article.slug")
    number = serializers.IntegerField()
    sha256 = serializers.CharField()
    imported_at = serializers.DateTimeField()
    raw_media_type = serializers.CharField(help_text="What the raw input was.")


class RevisionWithTextShape(RevisionShape):
    """A revision with its text and blocks. Offsets count code points."""

    text = serializers.CharField()
    blocks = BlockShape(many=True)


class RevisionsAsked(Asked):
    project = Words(required=False, help_text="The project's slug.")
    article = Words(required=False, help_text="The article's slug.")


class TextGiven(Given):
    """A new text of an article. Page furniture of its newest text stays furniture."""

    text = Words(help_text="The text, whose blank lines part its blocks, or the HTML.")
    media_type = OneOf(
        MEDIA_TYPES,
        required=False,
        default=PLAIN,
        help_text="What `text` is. Nothing that HTML refers to is fetched.",
    )
    furniture = ListOf(
        Words(),
        most=MOST_FURNITURE,
        required=False,
        default=list,
        help_text="Further blocks, by their whole text, that are the page's and not the author's.",
    )


class RevisionGiven(TextGiven):
    """A new text, and the one that its preview was made from."""

    based_on = Id(
        help_text="The id in the preview's `based_on`. If there is a newer text, the answer is "
        "409, and `newest` says which."
    )


class CountsShape(serializers.Serializer[Any]):
    """How many places have which result. The first two are carried over, the others wait."""

    exact = serializers.IntegerField()
    moved = serializers.IntegerField()
    review = serializers.IntegerField()
    ambiguous = serializers.IntegerField()
    orphan = serializers.IntegerField()


class RevisedShape(RevisionShape):
    """A new revision, and what became of the places of the text before it."""

    counts = CountsShape()


class FirstWords(serializers.CharField):
    """The beginning of a stretch of text; its offsets say how long it is."""

    def __init__(self, **options: Any):
        said = f"Its first {LONGEST_WORDS} code points; the offsets say where it ends."
        super().__init__(**{"help_text": said} | options)

    def to_representation(self, value: str) -> str:
        return value[:LONGEST_WORDS]


class StoodShape(serializers.Serializer[Any]):
    """Where a claim stood: `[start, end)` in code points of an older text."""

    revision = serializers.UUIDField(source="revision_id")
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quote = FirstWords()


class FoundShape(serializers.Serializer[Any]):
    """A place in the new text: `[start, end)` in code points."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quote = FirstWords(source="text")


class MarkShape(serializers.Serializer[Any]):
    """A place and what becomes of it: `place` is where it stands then, or may stand."""

    appearance = serializers.UUIDField()
    claim = serializers.UUIDField()
    reattachment = serializers.UUIDField(
        allow_null=True, help_text="Where it waits for a place since an older text."
    )
    was = StoodShape()
    result = serializers.ChoiceField(choices=[one.value for one in Result])
    reason = serializers.CharField()
    place = FoundShape(allow_null=True)
    candidates = FoundShape(many=True, help_text="Several places that fit, the likeliest first.")
    fragments = FoundShape(many=True, help_text="The pieces of words that a break splits.")


class StretchShape(serializers.Serializer[Any]):
    """What became of a stretch of the old text. Equal ones come without their words."""

    change = serializers.ChoiceField(choices=[one.value for one in Change])
    old_start = serializers.IntegerField()
    old_end = serializers.IntegerField()
    new_start = serializers.IntegerField()
    new_end = serializers.IntegerField()
    old = FirstWords(allow_blank=True)
    new = FirstWords(allow_blank=True)


class LeftOutShape(serializers.Serializer[Any]):
    """How many more there are than are shown."""

    marks = serializers.IntegerField()
    changes = serializers.IntegerField()


class PreviewShape(serializers.Serializer[Any]):
    """What a new text would change. Nothing was written."""

    article = serializers.CharField(source="article.slug")
    based_on = RevisionOfArticle(source="article")
    sha256 = serializers.CharField(help_text="Of the new text as it would be kept.")
    counts = CountsShape()
    marks = MarkShape(
        many=True, help_text=f"At most {MOST_SHOWN}: those that would wait before the others."
    )
    changes = StretchShape(many=True, help_text=f"The first {MOST_SHOWN}, in the texts' order.")
    left_out = LeftOutShape()


class LastPlaceShape(serializers.Serializer[Any]):
    """Where a claim stood last, with the text around it."""

    id = serializers.UUIDField()
    revision = serializers.UUIDField(source="revision_id")
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    quote = serializers.CharField()
    prefix = serializers.CharField(allow_blank=True)
    suffix = serializers.CharField(allow_blank=True)


class OffsetsShape(serializers.Serializer[Any]):
    """A place in a revision's text: `[start, end)` in code points."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        place = dict(zip(("start", "end"), instance, strict=True))
        return {name: value for name, value in place.items() if name in self.fields}


class ReattachmentShape(serializers.Serializer[Any]):
    """A place that a new text did not carry over by itself, and what was made of it."""

    id = serializers.UUIDField()
    project = serializers.CharField(source="project.slug")
    article = serializers.CharField(source="article.slug")
    claim = serializers.UUIDField(source="claim_id")
    statement = serializers.CharField(source="claim.statement")
    appearance = LastPlaceShape()
    revision = RevisionNamed(help_text="The text in which it has no place.")
    why = serializers.ChoiceField(choices=[one.value for one in Waits])
    reason = serializers.CharField()
    places = OffsetsShape(
        many=True,
        help_text="review: the place proposed, then its pieces where a break splits it; "
        "ambiguous: those that fit, the likeliest first; orphan: none.",
    )
    found_at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(
        choices=OUTCOMES,
        allow_blank=True,
        help_text="Empty while it waits; `carried`: a later text brought it back by itself.",
    )
    asks_again = serializers.BooleanField()
    settled_by = serializers.CharField(source="settled_by.pseudonym", default=None, allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    appearances = AppearanceShape(
        source="appearance.carried_to.all", many=True, help_text="The places that came of it."
    )


class WordsShape(OffsetsShape):
    """A place in a revision's text with its words."""

    quote = serializers.CharField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        text: str = self.context["text"]
        start, end = instance
        return {"start": start, "end": end, "quote": text[start:end]}


class ReattachmentWithWordsShape(ReattachmentShape):
    """A place that waits or waited, with the words of what may be chosen."""

    places = WordsShape(many=True, help_text=ReattachmentShape().fields["places"].help_text)


class ReattachmentsAsked(Asked):
    project = Words(required=False, help_text="The project's slug.")
    article = Words(required=False, help_text="The article's slug.")
    claim = Id(required=False)
    why = OneOf(Waits, required=False)
    settled = TruthInAddress(
        required=False, help_text="false: only those that wait; true: only those decided."
    )


class PlaceGiven(Given):
    """A place in the newest text: `[start, end)` in code points."""

    start = Whole()
    end = Whole()


class SettlingGiven(Given):
    """What every decision may name, so that it is never carried out on another text."""

    revision = Id(
        required=False,
        allow_null=True,
        default=None,
        help_text="The revision that you looked at. If there is a newer one, the answer is 409, "
        "and `newest` says which.",
    )


class ReattachGiven(SettlingGiven):
    """Where the claim stands now. Without `places`, where it was proposed."""

    places = ListOf(PlaceGiven(), most=MOST_PLACES, required=False, default=list)
    quote = Words(
        required=False,
        allow_null=True,
        default=None,
        help_text="The words of the first place; refused where they are not the text there.",
    )
    ask_again = Truth(
        required=False,
        default=False,
        help_text="true: verdicts given so far are stale until they are given anew.",
    )


class LetGoGiven(SettlingGiven):
    """Why the newest text does not say this any more, for the log."""

    note = Words(required=False, default="")
