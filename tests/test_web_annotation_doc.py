"""The example in docs/web-annotation.md does what it says."""

import re
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from annotations.actions.articles import import_article
from annotations.actions.projects import create_project
from annotations.actions.tokens import make_token
from annotations.models import Verdict
from tests.conftest import TEXT, person

DOCUMENT = Path(__file__).parent.parent / "docs/web-annotation.md"


@pytest.mark.django_db(transaction=True)
def test_the_example_of_web_annotations_runs(live_server: LiveServer) -> None:
    birch = person("birch", "Birch")
    project = create_project(actor=birch, slug="council", name="Council budget")
    import_article(project.pk, actor=birch, text=TEXT, slug="council-spends-more")
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    names = {
        "TOKEN": make_token(birch, "test", actor=birch)[1],
        "CONTAINER": f"{live_server.url}/annotations/council/",
        "ARTICLE": f"{live_server.url}/articles/council-spends-more/",
        "QUOTE": "The city council spent 12% more in 2024",
    }
    exec(example, names)  # noqa: S102
    given = Verdict.objects.order_by("version").values_list("rating__slug", flat=True)
    assert list(given) == ["false", "misleading"]
