"""Taking, keeping, giving back, skipping work on the pages; what moderators see and do."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from annotations.actions.assignments import take
from annotations.actions.gold import set_gold
from annotations.actions.projects import edit_project
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.models import Article, Assignment, Claim, GoldItem, Project, Skip, User
from annotations.rules.verdicts import Judgement
from tests.actions.given import judged, judgement, marked

CANARY = "They rose by a tenth, says the canary."


@pytest.fixture
def claim(article: Article, robin: User) -> Claim:
    return marked(article, robin)


@pytest.fixture
def gold(article: Article, robin: User) -> Claim:
    made = marked(article, robin, "Café prices doubled")
    set_gold(made.pk, "false", CANARY, actor=robin)
    return made


def panel(claim: Claim) -> str:
    return f"/workbench/council-spends-more/claims/{claim.pk}/"


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


# ---------- reviewers ----------


def test_the_next_claim_is_opened_and_stands_in_hand_on_the_desk(
    client: Client, finch: User, claim: Claim
) -> None:
    client.force_login(finch)
    answer = client.post("/desk/next/")
    assert (answer.status_code, answer.headers["Location"]) == (302, panel(claim))
    desk = text(client, "/desk/")
    assert "In hand" in desk
    assert "29\xa0minutes left" in desk
    assert desk.count(f'href="{panel(claim)}"') == 1, "in hand, and not among what waits as well"
    assert "Lent to you until" in text(client, panel(claim))


def test_where_nothing_is_left_the_desk_says_what_to_do(
    client: Client, finch: User, project: Project, other_project: Project
) -> None:
    client.force_login(finch)
    for sent in ({}, {"project": "council"}, {"project": "harbour"}):
        answer = client.post("/desk/next/", sent)
        assert answer.status_code == 409
        assert "Nothing is left for you in the queue" in answer.content.decode()


def test_a_claim_is_kept_while_its_page_is_worked_on(
    client: Client, finch: User, maple: User, claim: Claim
) -> None:
    lease = take(claim.pk, actor=finch)
    client.force_login(finch)
    assert client.post(f"/assignments/{lease.pk}/keep/").status_code == 200
    day = timedelta(days=1)
    Assignment.objects.update(lent_at=F("lent_at") - day, until=F("until") - day)
    answer = client.post(f"/assignments/{lease.pk}/keep/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "you may submit it all the same" in answer.content.decode()
    assert client.get(f"/assignments/{lease.pk}/keep/").status_code == 405
    client.force_login(maple)
    for what in ("keep", "give-back"):
        assert client.post(f"/assignments/{lease.pk}/{what}/").status_code == 404


def test_what_is_given_back_is_off_the_desk(client: Client, finch: User, claim: Claim) -> None:
    lease = take(claim.pk, actor=finch)
    client.force_login(finch)
    assert client.post(f"/assignments/{lease.pk}/give-back/").status_code == 302
    assert "In hand" not in text(client, "/desk/")


def test_a_skip_asks_why_and_keeps_what_was_typed(
    client: Client, finch: User, claim: Claim
) -> None:
    take(claim.pk, actor=finch)
    client.force_login(finch)
    assert "Ask the moderators" in text(client, panel(claim) + "skip/")
    answer = client.post(panel(claim) + "skip/", {"note": "No Dutch.", "for_all": "on"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Say why" in page
    assert "No Dutch." in page
    sent = {"reason": "not_my_field", "note": "No Dutch.", "for_all": "on"}
    assert client.post(panel(claim) + "skip/", sent).headers["Location"] == "/desk/"
    assert Skip.objects.get().asks_all
    assert "In hand" not in text(client, "/desk/")


def test_a_claim_judged_by_the_person_is_not_skipped_on_its_page(
    client: Client, finch: User, claim: Claim
) -> None:
    submit_verdict(claim.pk, judgement(), actor=finch)
    client.force_login(finch)
    assert "/skip/" not in text(client, panel(claim))


# ---------- gold items ----------


def doors(client: Client, claim: Claim) -> str:
    """Every page on which a reviewer might read of a claim."""
    there = "/workbench/council-spends-more/"
    pages = ("/desk/", there, there + "list/", panel(claim), panel(claim) + "skip/")
    return "".join(text(client, page) for page in pages)


def test_nothing_tells_a_gold_item_from_another_claim_before_the_verdict(
    client: Client, project: Project, gold: Claim, finch: User, maple: User, birch: User
) -> None:
    edit_project(project.pk, actor=birch, gold_every=1)
    judged(gold, (maple, "false"))
    client.force_login(finch)
    assert client.post("/desk/next/").headers["Location"] == panel(gold)
    save_draft(gold.pk, Judgement(rationale="So far."), actor=finch)
    seen = doors(client, gold)
    assert "canary" not in seen
    assert "gold item" not in seen.lower()
    for page in ("work", "gold"):
        assert client.get(f"/projects/council/{page}/").status_code == 403


@pytest.mark.parametrize(("rating", "said"), [("false", "right"), ("true", "otherwise")])
def test_in_training_the_answer_follows_the_verdict(
    client: Client, gold: Claim, finch: User, rating: str, said: str
) -> None:
    submit_verdict(gold.pk, judgement(rating), actor=finch)
    client.force_login(finch)
    page = text(client, panel(gold))
    assert f"You judged it {said}: this claim was a gold item" in page
    assert CANARY in page


def test_in_measuring_nothing_is_told_after_the_verdict_either(
    client: Client, project: Project, gold: Claim, finch: User, birch: User
) -> None:
    edit_project(project.pk, actor=birch, gold_mode="measuring")
    submit_verdict(gold.pk, judgement("true"), actor=finch)
    client.force_login(finch)
    seen = doors(client, gold)
    assert "canary" not in seen
    assert "gold item" not in seen.lower()


def test_moderators_make_gold_items_and_read_how_reviewers_judged_them(
    client: Client, project: Project, article: Article, claim: Claim, gold: Claim, finch: User,
    maple: User, robin: User,
) -> None:  # fmt: skip
    client.force_login(robin)
    sent = {"do": "set", "claim": str(claim.pk), "rating": "true", "explanation": ""}
    answer = client.post("/projects/council/gold/", sent)
    assert answer.status_code == 400
    assert "reviewers learn from it" in answer.content.decode()
    answer = client.post("/projects/council/gold/", sent | {"explanation": "The budget says so."})
    assert answer.status_code == 302
    judged(claim, (finch, "true"), (maple, "mostly-true"))
    judged(gold, (finch, "unproven"), (robin, "false"))
    submit_verdict(gold.pk, judgement("false"), actor=finch)
    page = text(client, "/projects/council/gold/")
    cells = [" ".join(cell.split()) for cell in page.replace("<", ">").split(">")]
    at = cells.index("Finch")
    assert [cell for cell in cells[at : at + 20] if cell and cell[0].isdigit()] == [
        "2", "50 %", "1 on it, 1 beside the axis",
    ]  # fmt: skip
    at = cells.index("Maple")
    assert "1 by 1" in cells[at : at + 20]
    assert "Robin</th>" not in page, "who sees the answers is not measured"
    client.post("/projects/council/gold/", {"do": "unset", "claim": str(claim.pk)})
    assert GoldItem.objects.get().claim == gold


# ---------- moderators ----------


def test_a_moderator_sees_who_has_what_and_hands_it_out(
    client: Client, project: Project, article: Article, claim: Claim, finch: User, maple: User,
    robin: User,
) -> None:  # fmt: skip
    client.force_login(robin)
    address = "/projects/council/work/"
    sent = {"do": "assign", "thing": str(claim.pk), "reviewer": str(finch.pk), "hours": "24"}
    assert client.post(address, sent).status_code == 302
    page = text(client, address)
    assert "Lent by Robin" in page
    assert "23\xa0hours, 59\xa0minutes left" in page
    lease = Assignment.objects.get()
    sent = {"do": "reassign", "assignment": str(lease.pk), "reviewer": str(maple.pk)}
    assert client.post(address, sent).status_code == 302
    answer = client.post(address, {"do": "take-back", "assignment": str(lease.pk)})
    assert answer.status_code == 409
    assert "no longer lent" in answer.content.decode()
    sent = {"do": "assign", "thing": f"article:{article.slug}", "reviewer": str(finch.pk)}
    assert client.post(address, sent).status_code == 302
    assert Assignment.objects.live().count() == 2


def test_what_was_asked_for_is_decided_on_the_page(
    client: Client, project: Project, claim: Claim, finch: User, robin: User
) -> None:
    client.force_login(finch)
    client.post(panel(claim) + "skip/", {"reason": "unclear", "for_all": "on"})
    client.force_login(robin)
    address = "/projects/council/work/"
    assert "Asked to leave the queue" in text(client, address)
    client.post(address, {"do": "hold-back", "claim": str(claim.pk), "reason": "Unclear"})
    page = text(client, address)
    assert "Asked to leave" not in page
    assert "Out of the queue" in page
    client.post(address, {"do": "put-back", "claim": str(claim.pk)})
    assert "Out of the queue" not in text(client, address)


def test_what_was_done_is_said(
    client: Client, project: Project, claim: Claim, finch: User, maple: User, robin: User
) -> None:
    client.force_login(robin)

    def said(address: str, **sent: str) -> str:
        answer = client.post(f"/projects/council/{address}/", sent, follow=True)
        line = re.search(r'class="done-line">([^<]*)<', answer.content.decode())
        return line.group(1) if line else ""

    thing, rating = str(claim.pk), {"rating": "true", "explanation": "The budget says so."}
    assert said("work", do="assign", thing=thing, reviewer=str(finch.pk)) == "It is lent to Finch."
    lease = str(Assignment.objects.get().pk)
    moved = said("work", do="reassign", assignment=lease, reviewer=str(maple.pk))
    assert moved == "It is lent to Maple now."
    assert said("work", do="reassign", assignment=lease, reviewer=str(maple.pk)) == ""
    lease = str(Assignment.objects.live().get().pk)
    back = said("work", do="take-back", assignment=lease)
    assert back == "It is taken back from Maple."
    assert said("work", do="hold-back", claim=thing) == "The claim is out of the queue."
    assert said("work", do="put-back", claim=thing) == "The queue lends the claim again."
    assert said("gold", do="set", claim=thing, **rating) == "The claim is a gold item."
    assert said("gold", do="unset", claim=thing) == "The claim is no gold item any more."


def test_what_cannot_be_is_refused_with_a_sentence(
    client: Client, project: Project, claim: Claim, robin: User, finch: User
) -> None:
    client.force_login(robin)
    address = "/projects/council/work/"
    right = {"do": "assign", "thing": str(claim.pk), "reviewer": str(finch.pk), "hours": ""}
    for wrong in (
        {"do": ""}, {"do": "assign\0"}, {"thing": "x"}, {"thing": "article:none"},
        {"reviewer": "٣"}, {"reviewer": ""}, {"reviewer": "999999999"}, {"hours": "7"},
        {"do": "take-back", "assignment": str(uuid.uuid4())}, {"do": "put-back", "claim": "x"},
        {"do": "hold-back", "claim": str(uuid.uuid4())},
    ):  # fmt: skip
        answer = client.post(address, right | wrong)
        assert answer.status_code in (400, 404, 409), wrong
        assert "refused" in answer.content.decode()
    assert not Assignment.objects.exists()


def test_another_projects_work_is_not_found(
    client: Client, claim: Claim, gold: Claim, stranger: User, other_article: Article
) -> None:
    """A22."""
    client.force_login(stranger)
    for page in ("work", "gold"):
        assert client.get(f"/projects/council/{page}/").status_code == 404
        sent = {"claim": str(gold.pk), "do": "put-back" if page == "work" else "unset"}
        assert client.post(f"/projects/council/{page}/", sent).status_code == 404
        assert client.post(f"/projects/harbour/{page}/", sent).status_code == 404
    assert "Council" not in text(client, "/projects/harbour/work/?claim=" + str(claim.pk))
    assert claim.statement not in text(client, "/projects/harbour/work/?claim=" + str(claim.pk))
    assert GoldItem.objects.exists()


def test_the_work_page_takes_as_many_queries_for_many_loans_as_for_one(
    client: Client, project: Project, article: Article, robin: User, finch: User, maple: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for start in range(6):
        made = marked(article, robin, "council spends more"[start:])
        for who in (finch, maple):
            take(made.pk, actor=who)
    client.force_login(robin)
    with django_assert_max_num_queries(9):
        text(client, "/projects/council/work/")
    with django_assert_max_num_queries(8):
        text(client, "/projects/council/gold/")
