"""Whoever has an answer is not sent it again: If-None-Match (RFC 9110, section 13.1.2)."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from annotations.actions.verdicts import submit_verdict
from annotations.api.schema import described
from annotations.models import Article, Claim, Ruling, User, Verdict
from tests.api.conftest import Caller, Calling, judgement

ALONE = ("", "formats/", "schema/", "schemas/record.json")
SEALED_ANEW = {"/api/v1/changes/"}  # its cursor is never the same twice, nor is the answer
KEPT = ("ETag", "Cache-Control", "Vary")


def readable(caller: Caller) -> Iterator[str]:
    """Every list, and one thing of each that has something in it."""
    paths = [path for path, doors in described()["paths"].items() if "get" in doors]  # type: ignore[attr-defined]
    for path in sorted({*paths} - SEALED_ANEW):
        name = re.fullmatch(r"/api/v1/([a-z-]+)/\{(id|slug)\}/", path)
        if path.count("/") == 4:
            yield path
        elif name and f"/api/v1/{name[1]}/" in paths:
            for one in caller.get(f"{name[1]}/?page_size=1").body["results"]:
                yield f"{name[1]}/{one[name[2]]}/"


@pytest.fixture
def moderator(
    calling: Calling, robin: User, published: Ruling, draft: Verdict, half_judged: Claim
) -> Caller:
    return calling(robin)


def test_what_one_has_is_not_sent_again(moderator: Caller, article: Article) -> None:
    more = ["projects/council/ratings/", f"articles/{article.slug}/record/",
            "projects/council/agreement/", "projects/council/export/report/"]  # fmt: skip
    addresses = {*readable(moderator), *ALONE, *more}
    assert len(addresses) > 25
    for address in addresses:
        first = moderator.get(address)
        tag = first.headers["ETag"]
        assert re.fullmatch(r'"([^"/]+/)?[0-9a-f]{32}"', tag), address
        for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            again = moderator.get(address, If_None_Match=known)
            assert (again.status, again.raw) == (304, b""), (address, known)
            assert {name: again.headers[name] for name in KEPT} == {
                name: first.headers[name] for name in KEPT
            }
            assert "Content-Type" not in again.headers
        for other in ('"x"', f'{tag[:-2]}x"', tag.strip('"'), ""):
            assert moderator.get(address, If_None_Match=other).raw == first.raw, (address, other)


def test_head_is_a_get_without_its_body(moderator: Caller) -> None:
    for address in {*readable(moderator), *ALONE}:
        full, bare = moderator.get(address), moderator.send("HEAD", address)
        assert (bare.status, bare.raw) == (200, b""), address
        assert bare.headers | {"RateLimit": full.headers["RateLimit"]} == full.headers, address
        asked = moderator.send("HEAD", address, If_None_Match=full.headers["ETag"])
        assert asked.status == 304


def test_a_tag_is_of_all_that_is_shown(
    calling: Calling, agreed: Claim, robin: User, finch: User, maple: User
) -> None:
    """The version alone would hide what others do beside it."""
    caller, address = calling(robin), f"claims/{agreed.pk}/"
    seen = caller.get(address).headers["ETag"]
    submit_verdict(agreed.pk, judgement("true", "three"), actor=maple)
    now = caller.get(address, If_None_Match=seen)
    assert now.status == 200
    assert now.body["state"] == "disputed"
    version, digest = seen.strip('"').split("/")
    assert now.headers["ETag"].startswith(f'"{version}/')
    assert digest not in now.headers["ETag"]
    # ... and is no reason to refuse a change of the words, which nobody has touched.
    topics = {"topics": ["budget"]}
    assert calling(finch).patch(address, topics, If_Match=seen).status == 200


def test_a_blind_reviewer_learns_nothing_by_asking_again(
    calling: Calling, claim: Claim, finch: User, maple: User
) -> None:
    caller = calling(finch)
    addresses = [*readable(caller), f"verdicts/?claim={claim.pk}"]
    seen = {address: caller.get(address).headers["ETag"] for address in addresses}
    submit_verdict(claim.pk, judgement(), actor=maple)
    for address, tag in seen.items():
        assert caller.get(address, If_None_Match=tag).status == 304, address


def test_what_one_person_has_is_not_what_another_reads(
    calling: Calling, half_judged: Claim, finch: User, robin: User
) -> None:
    address = f"claims/{half_judged.pk}/"
    moderators = calling(robin).get(address).headers["ETag"]
    assert calling(finch).get(address, If_None_Match=moderators).status == 200
    assert calling(None).get(address, If_None_Match=moderators).status == 404


@pytest.mark.parametrize("address", ["projects/council/export/", "claims/?x=1", "nothing/"])
def test_streams_and_refusals_have_no_tag(moderator: Caller, address: str) -> None:
    answer = moderator.get(address, If_None_Match="*")
    assert answer.status != 304
    assert "ETag" not in answer.headers


def test_the_page_of_the_api_is_not_sent_again_either(client: Any, db: None) -> None:
    tag = client.get("/api/v1/docs/").headers["ETag"]
    assert client.get("/api/v1/docs/", headers={"If-None-Match": tag}).status_code == 304
