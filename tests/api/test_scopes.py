"""What a token may do: what its person may, within its scopes, until it ends."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS

from annotations.actions.tokens import make_token
from annotations.api.annotated import urls as annotated
from annotations.api.urls import urlpatterns
from annotations.models import Article, Claim, Project, Ruling, Token, User
from annotations.rules.permissions import Role, Verb, may
from annotations.rules.scopes import ADDRESSES, ALL, Scope, in_order, taken_at, taken_by
from tests.api.conftest import Caller, Calling

SPAN = {"start": 42, "end": 63}


def holding(user: User, *scopes: Scope, days: int = 90) -> Caller:
    """Somebody with a token of these scopes."""
    life = timedelta(days=days)
    return Caller(make_token(user, "some", actor=user, scopes=scopes, life=life)[1])


def methods(pattern: URLPattern) -> set[str]:
    """What can be done at an address beside reading."""
    view = getattr(pattern.callback, "view_class", None)
    there = {name.upper() for name in view.http_method_names if hasattr(view, name)} if view else ()
    return set(there) - set(SAFE_METHODS)


def test_each_change_at_each_address_takes_a_scope() -> None:
    changes = {
        f"{method} {pattern.name}"
        for pattern in (*urlpatterns, *annotated.urlpatterns)
        if pattern.name != "nothing"
        for method in methods(pattern)
    }
    assert changes == set().union(*ADDRESSES.values())
    assert len(changes) == sum(map(len, ADDRESSES.values())), "each has one"


def test_what_is_in_no_table_is_open_to_no_token() -> None:
    assert taken_at("POST", "what-comes-next") is None


def test_a_verb_takes_the_scope_of_the_first_role_that_may() -> None:
    roles = {Scope.REVIEW: Role.REVIEWER, Scope.MODERATE: Role.MODERATOR, Scope.MANAGE: Role.OWNER}
    for verb in Verb:
        for own in (True, False):
            first = next(scope for scope, role in roles.items() if may(role, verb, own=own))
            assert taken_by(verb, own=own) == first, verb


def test_reading_takes_no_more_than_a_token(
    finch: User, robin: User, claim: Claim, published: Ruling
) -> None:
    reader = holding(robin, Scope.READ)
    for path in ("claims/", f"claims/{claim.pk}/", "verdicts/", "projects/council/imports/"):
        assert reader.get(path).status == 200, path
    assert reader.get("projects/council/webhooks/").status == 403, "no more than the person"


def test_what_lacks_the_scope_is_refused_with_its_name(
    finch: User, article: Article, claim: Claim
) -> None:
    reader = holding(finch, Scope.READ)
    refused = reader.post("claims/", {"article": article.slug, **SPAN}, Idempotency_Key="k")
    assert refused.status == 403
    assert "lacks the scope “review”" in refused.body["detail"]
    assert 'error="insufficient_scope", scope="review"' in refused.headers["WWW-Authenticate"]
    assert reader.patch(f"claims/{claim.pk}/", {"statement": "Mine"}).status == 403
    assert reader.delete(f"claims/{claim.pk}/").status == 403
    assert reader.post("claims/bulk/", {"items": []}).status == 403
    assert Claim.objects.count() == 1
    reviewer = holding(finch, Scope.REVIEW)
    assert reviewer.post("claims/", {"article": article.slug, **SPAN}).status == 201


@pytest.mark.parametrize("scopes", [[Scope.READ], [Scope.REVIEW], [Scope.REVIEW, Scope.MANAGE]])
def test_ruling_takes_the_scope_whatever_the_role(
    scopes: list[Scope], robin: User, agreed: Claim
) -> None:
    body = {"claim": str(agreed.pk), "rating": "false", "summary": "No.", "evidence": []}
    refused = holding(robin, *scopes).post("rulings/", body)
    assert (refused.status, refused.body["detail"][:34]) == (
        403,
        "This token lacks the scope “modera",
    )
    assert holding(robin, Scope.MODERATE).post("rulings/", body).status == 422


def test_a_scope_gives_nobody_a_role(finch: User, project: Project, agreed: Claim) -> None:
    everything = holding(finch, *ALL)
    assert everything.patch("projects/council/", {"name": "Mine"}).status == 403
    body = {"set_aside_reason": "opinion"}
    refused = everything.post(f"claims/{agreed.pk}/set-aside/", body)
    assert "moderators" in refused.body["detail"]


def test_an_address_that_does_more_than_one_verb_asks_for_each(
    robin: User, article: Article, claim: Claim, published: Ruling
) -> None:
    """A moderator's token for reviewing may no more than a reviewer."""
    reviewer = holding(robin, Scope.REVIEW)
    others = reviewer.patch(f"claims/{claim.pk}/", {"statement": "Another"})
    public = {"claim": str(published.claim_id), "article": article.slug, **SPAN}
    for refused in (others, reviewer.post("appearances/", public)):
        assert refused.status == 403
        assert "scope “moderate”" in refused.body["detail"]
    moderator = holding(robin, Scope.REVIEW, Scope.MODERATE)
    assert moderator.patch(f"claims/{claim.pk}/", {"statement": "Another"}).status == 200
    assert moderator.post("appearances/", public).status == 201


def test_a_session_has_no_scopes_and_leaves_none_behind(
    finch: User, robin: User, article: Article, claim: Claim
) -> None:
    assert holding(robin, Scope.READ).delete(f"claims/{claim.pk}/").status == 403
    browser = Client()
    browser.force_login(robin)
    answer = browser.patch(
        f"/api/v1/claims/{claim.pk}/",
        {"statement": "Another"},
        content_type="application/json",
        headers={"If-Match": "*"},
    )
    assert answer.status_code == 200


def test_a_token_is_made_shown_once_and_listed(calling: Calling, finch: User) -> None:
    caller = calling(finch)
    made = caller.post("tokens/", {"name": "nightly", "scopes": ["review"], "days": 30})
    assert made.status == 201
    assert made.body["scopes"] == ["read", "review"]
    assert Token.objects.with_secret(made.body["secret"]) is not None
    listed = {one["name"]: one for one in caller.get("tokens/").body["results"]}
    assert set(listed) == {"nightly", "test"}
    assert listed["nightly"] == {k: v for k, v in made.body.items() if k != "secret"}
    assert listed["nightly"]["last_used_at"] is None
    assert made.body["secret"] not in caller.get("tokens/").raw.decode()
    current = Caller(made.body["secret"]).get("tokens/current/").body
    assert (current["id"], current["scopes"]) == (made.body["id"], ["read", "review"])
    assert caller.get(f"tokens/{made.body['id']}/").body["last_used_at"] is not None


def test_a_token_makes_and_ends_none_that_may_more(finch: User) -> None:
    reader, whole = holding(finch, Scope.READ, days=10), holding(finch, *ALL)
    wider = reader.post("tokens/", {"name": "wider", "scopes": ["review"]})
    assert (wider.status, wider.field("scopes")[:35]) == (
        403,
        "This token lacks the scope “review”",
    )
    longer = reader.post("tokens/", {"name": "longer", "days": 11})
    assert longer.status == 403
    assert "fewer days" in longer.field("days")
    same = reader.post("tokens/", {"name": "same"})
    assert same.body["scopes"] == ["read"]
    assert same.body["expires_at"] == reader.get("tokens/current/").body["expires_at"]
    mine = whole.get("tokens/current/").body["id"]
    assert reader.post(f"tokens/{mine}/revoke/").status == 403
    assert reader.post(f"tokens/{same.body['id']}/revoke/").body["revoked_at"] is not None
    assert whole.get("claims/").status == 200
    assert Caller(same.body["secret"]).get("claims/").status == 401


def test_anothers_token_is_not_found(calling: Calling, finch: User, birch: User) -> None:
    theirs = calling(finch).get("tokens/current/").body["id"]
    owner = calling(birch)
    assert owner.get(f"tokens/{theirs}/").status == 404
    assert owner.post(f"tokens/{theirs}/revoke/").status == 404
    assert len(owner.get("tokens/").ids) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x", "days": 0}, "days"),
        ({"name": "x", "days": 366}, "days"),
        ({"name": "x", "scopes": ["all"]}, "scopes.0"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": " "}, "name"),
        ({"name": "x", "user": "robin"}, "user"),
    ],
)
def test_what_is_no_token_is_refused_at_its_field(
    calling: Calling, finch: User, body: dict[str, object], field: str
) -> None:
    refused = calling(finch).post("tokens/", body)
    assert refused.status == 400
    assert refused.field(field)


def test_a_token_ends_when_it_was_said_to(finch: User) -> None:
    caller = holding(finch, Scope.READ, days=2)
    with time_machine.travel(timezone.now() + timedelta(days=1, hours=23)):
        assert caller.get("claims/").status == 200
    with time_machine.travel(timezone.now() + timedelta(days=2, seconds=1)):
        assert caller.get("claims/").status == 401


@pytest.mark.parametrize("scopes", [[], ["review"], ["read", "everything"]])
def test_the_database_keeps_no_other_scopes(
    scopes: list[str], calling: Calling, finch: User
) -> None:
    calling(finch)
    with (
        pytest.raises(IntegrityError, match="token_has_scopes_and_may_read"),
        transaction.atomic(),
    ):
        Token.objects.update(scopes=scopes)


def test_the_command_takes_scopes_and_days(finch: User) -> None:
    out = StringIO()
    call_command("token", "finch", "--scope", "review", "--days", "30", stdout=out)
    token = Token.objects.with_secret(out.getvalue().strip())
    assert token is not None
    assert token.scopes == ["read", "review"]
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)
    call_command("token", "finch", stdout=StringIO())
    assert Token.objects.latest("pk").scopes == list(ALL)
    with pytest.raises(CommandError, match="1 to 365 days"):
        call_command("token", "finch", "--days", "400")


def test_scopes_are_kept_in_their_order_and_each_once() -> None:
    assert in_order(["manage", "read", "manage"]) == [Scope.READ, Scope.MANAGE]
