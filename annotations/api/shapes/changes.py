"""What changed, as a mirror is told of it."""

from typing import Any

from rest_framework import serializers

from annotations.api.fields import WholeInAddress, Words
from annotations.api.given import A_PAGE, MOST_A_PAGE
from annotations.rules.changes import What

KINDS = ("article", "claim", "appearance", "verdict", "ruling", "publishercorrection", "legalhold",
         "source", "rating", "project")  # fmt: skip


class ChangesAsked(serializers.Serializer[Any]):
    """Since when, and of which project."""

    after = Words(
        required=False,
        help_text="The `cursor` of the page before; `now` for one that tells what comes next; "
        "without it, from the beginning.",
    )
    project = Words(required=False, help_text="The slug of the one project that is wanted.")
    page_size = WholeInAddress(
        required=False,
        default=A_PAGE,
        min_value=1,
        help_text=f"How many at most; {MOST_A_PAGE} is the most there is.",
    )


class ChangedShape(serializers.Serializer[Any]):
    """What is to be read again because of one change."""

    project = serializers.CharField(source="project.slug")
    what = serializers.ChoiceField(choices=[one.value for one in What])
    kind = serializers.ChoiceField(choices=KINDS, help_text="Of what `id` is the id.")
    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    articles = serializers.ListField(
        child=serializers.CharField(),
        help_text="Read their records again; one that you may not read any more is answered 404, "
        "410 or 451.",
    )
    whole = serializers.BooleanField(help_text="Read the whole project again.")


class ChangesShape(serializers.Serializer[Any]):
    """A page of changes. `more` is true where the next page is there already."""

    results = ChangedShape(many=True)
    cursor = serializers.CharField(help_text="Send it as `after` to be told what comes next.")
    next = serializers.URLField(help_text="The address that does.")
    more = serializers.BooleanField()
