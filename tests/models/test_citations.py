"""What a citation is called, and what stands beside it: no word twice."""

import pytest

from annotations.models import Evidence, Source


@pytest.mark.parametrize(
    ("publisher", "title", "says"),
    [
        ("", "", ("city.example", "", "")),
        ("", "Budget", ("Budget", "", "city.example")),
        ("Council", "", ("Council", "", "city.example")),
        ("Council", "Budget", ("Council", "Budget", "city.example")),
        ("City.example", "Budget", ("City.example", "Budget", "")),
        ("", "www.city.example", ("www.city.example", "", "")),
        ("Council", "Council", ("Council", "", "city.example")),
    ],
)
def test_a_citation_says_nothing_twice(
    publisher: str, title: str, says: tuple[str, str, str]
) -> None:
    source = Source(address="https://www.city.example/budget")
    cited = Evidence(source=source, publisher=publisher, title=title)
    assert (cited.cited, cited.cited_title, cited.cited_site) == says


def test_a_source_without_a_title_is_its_address_and_nothing_beside_it() -> None:
    source = Source(address="https://www.city.example/budget")
    assert (str(source), source.site) == ("https://www.city.example/budget", "")
    source.title = "Budget"
    assert (str(source), source.site) == ("Budget", "city.example")
