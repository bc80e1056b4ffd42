"""Loading the seeds: the same actions as everyone else, in the names of the demo's people."""

import uuid
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from annotations.actions.articles import import_article
from annotations.actions.asking import ask_again
from annotations.actions.assignments import skip
from annotations.actions.claims import mark_claim, set_aside
from annotations.actions.comments import comment
from annotations.actions.gold import set_gold
from annotations.actions.handing_out import assign
from annotations.actions.projects import create_project, edit_project, set_role
from annotations.actions.publishers import ask_publisher
from annotations.actions.rulings import correct_ruling, publish_ruling, withdraw_ruling
from annotations.actions.verdicts import save_draft, submit_verdict
from annotations.formats.seed import Seed, SeedClaim, SeedRuling
from annotations.models import (
    Appearance,
    Article,
    Claim,
    Evidence,
    Membership,
    Project,
    User,
    Verdict,
)
from annotations.rules.anchors import find_once
from annotations.rules.demo import PEOPLE
from annotations.rules.work import LONGEST_LOAN


@transaction.atomic
def make_people(password: str) -> dict[str, User]:
    """The demo's accounts, with this password; an account that has it already is left alone."""
    people = {}
    for name, one in PEOPLE.items():
        person, made = User.objects.get_or_create(
            username=name, defaults={"pseudonym": one.pseudonym, "is_staff": one.is_staff}
        )
        if made or (password and not person.check_password(password)):
            person.set_password(password or None)
            person.save(update_fields=["password"])
        people[name] = person
    return people


@transaction.atomic
def load_seed(seed: Seed, people: dict[str, User]) -> int:
    """Bring one seed in; returns how many things were made: 0 when it was all there."""
    project = _project(seed, people)
    article = Article.objects.filter(slug=seed.article["slug"]).first()
    if article is None:
        article = import_article(
            project.pk,
            actor=people["moderator"],
            text=seed.text,
            furniture=seed.furniture,
            **seed.article,
        )
    made = 0
    for claim in seed.claims:
        made += _claim(claim, article, people)
    return made


def _project(seed: Seed, people: dict[str, User]) -> Project:
    owner = people["owner"]
    project = Project.objects.filter(slug=seed.project["slug"]).first()
    if project is None:
        project = create_project(actor=owner, **seed.project)
        edit_project(project.pk, actor=owner, **seed.settings)
    present = set(Membership.objects.filter(project=project).values_list("user_id", flat=True))
    for name, one in PEOPLE.items():
        if people[name].pk not in present:
            set_role(project.pk, people[name].pk, one.role, actor=owner)
    return project


def _claim(seed: SeedClaim, article: Article, people: dict[str, User]) -> int:
    """Mark a claim and take it to its state, unless it is there. Returns 1 if it was made."""
    text = article.revisions.get(number=1).text
    start = find_once(text, seed.quote, seed.prefix)
    end = start + len(seed.quote)
    if Appearance.objects.filter(article=article, start=start, end=end).exists():
        return 0
    claim = mark_claim(
        article.pk,
        start,
        end,
        actor=people["reviewer"],
        quote=seed.quote,
        statement=seed.statement,
        kind=seed.kind,
        claimant=seed.claimant,
        claimant_role=seed.claimant_role,
    ).claim
    if seed.is_gold and seed.worked:
        rating, why = seed.worked.rating, seed.worked.rationale
        set_gold(claim.pk, rating, why, actor=people["moderator"])
    _judge(seed, claim, people)
    _discuss(seed, claim, people)
    _rule(seed, claim, people["moderator"])
    _lend(seed, claim, people)
    claim.refresh_from_db()
    if claim.state != seed.state:
        raise ValueError(f"{seed.key} is {claim.state} and should be {seed.state}")
    return 1


def _judge(seed: SeedClaim, claim: Claim, people: dict[str, User]) -> None:
    if seed.worked is None:
        return
    give = save_draft if seed.is_draft else submit_verdict
    give(claim.pk, seed.worked, actor=people[seed.worked_by])
    if seed.second is not None:
        other = "reviewer2" if seed.worked_by == "reviewer" else "reviewer"
        submit_verdict(claim.pk, seed.second, actor=people[other])


def _rule(seed: SeedClaim, claim: Claim, moderator: User) -> None:
    if seed.set_aside:
        set_aside(claim.pk, seed.set_aside, actor=moderator, note=seed.set_aside_note)
    if seed.ruling is not None:
        publish_ruling(
            claim.pk,
            actor=moderator,
            rating=seed.ruling.rating,
            summary=seed.ruling.summary,
            evidence=_evidence(seed.ruling, claim),
            reason=seed.ruling.reason,
        )
    if seed.correction is not None:
        correct_ruling(
            claim.pk,
            actor=moderator,
            rating=seed.correction.rating,
            summary=seed.correction.summary,
            evidence=_evidence(seed.correction, claim),
            note=seed.correction.note,
            correction=seed.correction.kind,
        )
    if seed.withdrawal_note:
        withdraw_ruling(claim.pk, actor=moderator, note=seed.withdrawal_note)

    if seed.asked_of_publisher is not None:
        today = timezone.localdate()
        ask_publisher(claim.pk, replace(seed.asked_of_publisher, asked_on=today), actor=moderator)


def _discuss(seed: SeedClaim, claim: Claim, people: dict[str, User]) -> None:
    for one in seed.comments:
        author = people[one.by]
        if one.asks:
            asked = [people[name].pseudonym for name in one.asks]
            made = ask_again(claim.pk, one.text, actor=author, reviewers=asked)
        else:
            made = comment(claim.pk, one.text, actor=author)
        for answer in one.answers:
            comment(claim.pk, answer.text, actor=people[answer.by], parent=made.pk)


def _lend(seed: SeedClaim, claim: Claim, people: dict[str, User]) -> None:
    """Lend it for as long as anything is lent, so that the demo shows it for weeks."""
    if seed.lent_to:
        minutes = int(LONGEST_LOAN.total_seconds() // 60)
        assign(claim.pk, people[seed.lent_to].pk, actor=people["moderator"], minutes=minutes)
    if seed.skip is not None:
        by, reason, note = people[seed.skip.by], seed.skip.reason, seed.skip.note
        skip(claim.pk, reason, actor=by, note=note, for_all=True)


def _evidence(ruling: SeedRuling, claim: Claim) -> list[uuid.UUID]:
    """The worked verdict's evidence that the ruling names by number."""
    worked = Verdict.objects.current().filter(claim=claim).order_by("id").first()
    ids = list(Evidence.objects.filter(verdict=worked).values_list("pk", flat=True))
    return [ids[n] for n in ruling.evidence]
