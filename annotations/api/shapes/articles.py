"""Articles."""

from typing import Any

from rest_framework import serializers

from annotations.actions.articles import MEDIA_TYPES, PLAIN
from annotations.api.fields import Day, ListOf, OneOf, Truth, Words
from annotations.api.given import Asked, Given, InDays, SearchedFor
from annotations.models import Article
from annotations.rules.canonical import Kind

MOST_FURNITURE = 500
BLOCK_KINDS = [one.value for one in Kind]


class RevisionOfArticle(serializers.Serializer[Any]):
    """Which text of an article is the newest."""

    id = serializers.UUIDField(source="revision_id")
    number = serializers.IntegerField(source="revision_number")


class ArticleShape(serializers.Serializer[Any]):
    """What is known about an article; its words are in its revisions."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    project = serializers.CharField(source="project.slug")
    title = serializers.CharField()
    publisher = serializers.CharField(allow_blank=True)
    author = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    date_is_inferred = serializers.BooleanField()
    note = serializers.SerializerMethodField(help_text="The desk's own; empty for readers.")
    imported_at = serializers.DateTimeField()
    revision = RevisionOfArticle(source="*")

    def get_note(self, article: Article) -> str:
        return article.note if article.is_members else ""


class BlockShape(serializers.Serializer[Any]):
    """A stretch of the text, `[start, end)` in code points."""

    kind = serializers.ChoiceField(choices=BLOCK_KINDS)
    start = serializers.IntegerField()
    end = serializers.IntegerField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        block = dict(zip(("kind", "start", "end"), instance, strict=True))
        return {name: value for name, value in block.items() if name in self.fields}


class TextOfArticle(RevisionOfArticle):
    """The newest text with its blocks. Offsets count code points."""

    text = serializers.CharField()
    blocks = BlockShape(many=True)


class ArticleWithTextShape(ArticleShape):
    """An article with its newest text."""

    revision = TextOfArticle(source="*")


class ArticlesAsked(SearchedFor, InDays, Asked):
    publisher = Words(required=False, help_text="The publisher's name.")
    project = Words(required=False, help_text="The project's slug.")
    language = Words(required=False, help_text="A language tag, such as `en`.")


class FactsGiven(Given):
    """What is known about an article; what is left out stays."""

    title = Words(required=False)
    publisher = Words(required=False)
    author = Words(required=False)
    address = Words(required=False)
    language = Words(required=False)
    date = Day(required=False, allow_null=True)
    date_is_inferred = Truth(required=False)
    note = Words(required=False)


class ArticleGiven(FactsGiven):
    """A new article out of plain text or HTML.

    The title is the text's headline unless one is given. What a whole page says of itself (title,
    author, publisher, address, date, language) stands where nothing is given.
    """

    project = Words(help_text="The project's slug.")
    text = Words(help_text="The text, whose blank lines part its blocks, or the HTML.")
    media_type = OneOf(
        MEDIA_TYPES,
        required=False,
        default=PLAIN,
        help_text="What `text` is. Nothing that HTML refers to is fetched.",
    )
    slug = Words(required=False)
    furniture = ListOf(
        Words(),
        most=MOST_FURNITURE,
        required=False,
        help_text="Further blocks, by their whole text, that are the page's and not the author's.",
    )
