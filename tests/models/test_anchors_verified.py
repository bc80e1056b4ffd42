"""`./run verify_anchors`: a corpus whose marks stand is said to, and one that is off is listed."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from annotations.models import Appearance, Article, Project, User
from tests.actions.given import marked
from tests.models.past_the_orm import changed, without_triggers

pytestmark = pytest.mark.django_db


def verified() -> str:
    out = StringIO()
    call_command("verify_anchors", stdout=out)
    return out.getvalue()


def test_a_corpus_whose_marks_stand_is_counted(seeded: Project) -> None:
    assert verified() == f"{Appearance.objects.count()} marks in 1 texts: every one stands.\n"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ('start = start - 1, "end" = "end" - 1', "the text there is “ spent 12% more in 202”"),
        ("quote = 'spent 13%% more in 2024'", "the text there is “spent 12% more in 2024”"),
        ("prefix = reverse(prefix)", "the words around it are others"),
        ("suffix = ''", "the words around it are others"),
        ('start = 5000, "end" = 5022', "it lies outside the text"),
    ],
)
def test_each_mark_that_is_off_is_named_with_what_stands_there(
    damage: str, told: str, article: Article, finch: User
) -> None:
    place = marked(article, finch).appearances.get()
    with without_triggers("appearance"):
        changed("appearance", damage)
    out = StringIO()
    with pytest.raises(CommandError, match="1 off, of 1 marks in 1 texts"):
        call_command("verify_anchors", stdout=out)
    assert told in out.getvalue()
    assert str(place.pk) in out.getvalue()
    assert "council-spends-more, revision 1" in out.getvalue()


def test_a_text_that_is_not_its_digests_is_named(article: Article) -> None:
    with without_triggers("revision"):
        changed("revision", "text = text || 'x'")
    out = StringIO()
    with pytest.raises(CommandError, match="1 off"):
        call_command("verify_anchors", stdout=out)
    assert "SHA-256" in out.getvalue()
