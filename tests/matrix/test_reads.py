"""Who sees what of a claim: each person × each state × each door, against the table of sight.

A door's answer is searched for the words of the scene. What is found of a thing has to be seen by
the person, and what a door is meant to show and the person sees has to be found.
"""

import json
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from annotations.models import Delivery, Event
from annotations.models.news import news_of
from annotations.rules.sight import Looker, Thing, sees
from annotations.rules.states import State
from tests.matrix.canaries import CANARY, UNGIVEN, Scene, made
from tests.matrix.doors import DOORS, OF_NO_CLAIM, Door
from tests.matrix.routes import filled, routes
from tests.matrix.table import CASES

pytestmark = pytest.mark.django_db

# A reader sees the same of a project whether it is blind or open, and so do a stranger, a moderator
# and an owner, so each of them is tried once.
TRIED = {
    True: [Looker.READER, Looker.BLIND, Looker.JUDGED, Looker.MODERATOR],
    False: [Looker.STRANGER, Looker.BLIND, Looker.OWNER],
}
# A claim's state, as a field of JSON, by its symbol, or in words of its own.
SAYS_STATE = {
    state: re.compile(
        rf'"state"\s*:\s*"{state}"|#s-{state.replace("_", "-")}"|>\s*{state.label}\s*<',
        re.IGNORECASE,
    )
    for state in State
}
PANELS = {"workbench-claim", "workbench-edit", "workbench-skip"}

Told = tuple[Thing, str, State]  # with the part of the thing


@dataclass
class Walk:
    """What one person found at all doors, and what was not as the table says."""

    scene: Scene
    who: Looker
    found: set[Told] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    client: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        if self.who in self.scene.sessions:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.scene.sessions[self.who]

    def looks_as(self, state: State) -> Looker:
        """Nobody has judged the marked claim; in an open project a reviewer sees all the same."""
        if self.who in (Looker.BLIND, Looker.JUDGED):
            blind = self.who == Looker.BLIND or state == State.MARKED
            return Looker.BLIND if blind and self.scene.blind else Looker.JUDGED
        return self.who

    def may_see(self, thing: Thing, state: State) -> bool:
        return sees(self.looks_as(state), thing, state)

    def enter(self, door: Door) -> None:
        """At a door on a thing of one claim, once for each state in which there is one."""
        its_own = [one for one in door.things if one not in self.scene.shared]
        for state in State if its_own or door.by_state else [None]:
            things = self.scene.shared | (self.scene.things[state] if state else {})
            if all(one in things for one in its_own):
                self.compare(door, state, [str(things[one]) for one in door.things])

    def compare(self, door: Door, state: State | None, things: list[str]) -> None:
        address = filled(routes()[door.route], things)
        asked = door.asked | ({"state": state.value} if state and door.by_state else {})
        told = set(self.told(door, self.answer(door, address, asked)))
        self.found |= told
        where = f"{door.route} ({state.label.lower()})" if state else door.route
        for thing, part, of in sorted(told):
            if not self.may_see(thing, of):
                self.wrong.append(
                    f"{where}: {self.looks_as(of)} sees “{thing}” ({part}) of the claim {of}, "
                    f"and must not: {address}"
                )
        seen = {(thing, of) for thing, _, of in told}
        for thing, looker, of in sorted(door.shows):
            meant = looker == self.looks_as(of) and state in (None, of)
            there = (thing, of) in self.scene.there
            if meant and there and self.may_see(thing, of) and (thing, of) not in seen:
                self.wrong.append(
                    f"{where}: {looker} does not see “{thing}” of the claim {of}, "
                    f"and should: {address}"
                )

    def answer(self, door: Door, address: str, asked: dict[str, str]) -> str:
        panel = {"HX-Request": "true"} if door.route in PANELS else {}
        answer: Any = self.client.get(address, asked, headers=panel)
        assert answer.status_code < 500, f"{door.route}: {answer.status_code}"
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return f"{body.decode(errors='replace')} {answer.headers!r}".replace(address, "")

    def told(self, door: Door, answer: str) -> Iterator[Told]:
        """What an answer tells. A rating is given where it stands oftener than one nobody gave."""
        words = Counter(CANARY.findall(answer.lower()))
        for word, times in words.items():
            one = self.scene.canaries.get(word)
            if one is None or one.thing in door.also:
                continue
            if door.by_state:
                yield Thing.STATE, "state", one.state
            elif one.part != "rating" or times > words[UNGIVEN]:
                yield one.thing, one.part, one.state
        if Thing.STATE not in door.also:
            for state, says in SAYS_STATE.items():
                if says.search(answer):
                    yield Thing.STATE, "state", state


@pytest.fixture(scope="module", params=[True, False], ids=["blind", "open"])
def scene(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    quick_passwords: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Scene]:
    """The scene, made once, and then as if it had never been."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield made(blind=request.param)
        transaction.set_rollback(True)


def test_every_address_that_can_be_read_is_a_door() -> None:
    """A new one belongs into `tests.matrix.doors`, with what it is meant to show to whom."""
    read = {case.route for case in CASES if case.method == "GET"}
    only_written = {case.route for case in CASES} - read
    missing = set(routes()) - only_written - OF_NO_CLAIM - {door.route for door in DOORS}
    assert not missing, (
        "Add a door to tests/matrix/doors.py that says what is meant to be seen there, "
        f"or name it in OF_NO_CLAIM if nothing of a claim is: {', '.join(sorted(missing))}"
    )


def test_what_a_person_sees_is_what_the_table_says(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "django.request")
    wrong: list[str] = []
    for who in TRIED[scene.blind]:
        walk = Walk(scene, who)
        for door in DOORS:
            walk.enter(door)
        everything = {(one.thing, one.part, one.state) for one in scene.canaries.values()}
        unseen = {one for one in everything - walk.found if walk.may_see(one[0], one[2])}
        wrong += walk.wrong
        wrong += [
            f"no door: {who} sees “{thing}” ({part}) of the claim {state} nowhere, and should"
            for thing, part, state in sorted(unseen)
        ]
    assert not wrong, "\n".join(wrong)


def test_a_webhook_is_told_what_readers_see_and_nothing_else(scene: Scene) -> None:
    """Every message that is due, as it would leave now."""
    walk, nothing, seen = Walk(scene, Looker.READER), Door("", ()), set()
    for event in Event.objects.filter(pk__in=Delivery.objects.values("event")):
        told = set(walk.told(nothing, json.dumps(news_of(event), default=str)))
        hidden = [one for one in told if not walk.may_see(one[0], one[2])]
        assert not hidden, f"“{event.verb}” tells of {hidden}"
        seen |= {thing for thing, _, _ in told}
    assert seen >= {Thing.CLAIM, Thing.RULING}
