"""Two reviewers and a moderator at once, each in a browser of their own: from two blind verdicts
over a question that is sent back to the ruling."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from annotations.models import Article, Claim, Ruling, User
from annotations.rules.states import State
from tests.actions.given import claim_in, marked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Check = Callable[[Page], list[str]]
Open = Callable[..., Page]


@pytest.fixture
def as_person(browser: Browser, base_url: str) -> Iterator[Open]:
    """A browser in which a person is signed in; whatever it complains of fails the test."""
    contexts, complaints = [], list[str]()

    def open_for(person: User, width: int = 1440) -> Page:
        client = Client()
        client.force_login(person)
        height = 900 if width > 500 else 844
        context = browser.new_context(
            base_url=base_url,
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
        )
        contexts.append(context)
        value = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": base_url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert complaints == []


def judge(page: Page, claim: Claim, key: str, rationale: str) -> None:
    """Give a verdict in the panel, by keys alone but for the words."""
    page.goto(f"/workbench/council-spends-more/claims/{claim.pk}/")
    panel = page.locator("#panel")
    page.locator("#panel-h").wait_for()
    page.keyboard.press(key)
    panel.get_by_label("Rationale").fill(rationale)
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    panel.get_by_label("Address").fill("https://city.example/budget-2024")
    panel.get_by_role("radio", name="Supports").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("Verdict submitted")


def test_a_dispute_goes_back_with_a_question_and_is_ruled_on(
    as_person: Open, article: Article, finch: User, maple: User, robin: User, axe: Check
) -> None:
    claim = marked(article, finch)
    one, two, moderator = as_person(finch), as_person(maple), as_person(robin)
    judge(one, claim, "1", "The budget says so.")
    judge(two, claim, "5", "It says 11 %.")
    claim.refresh_from_db()
    assert claim.state == State.DISPUTED

    moderator.goto("/desk/")
    moderator.locator(".task").first.click()
    expect(moderator.get_by_text("4 steps apart").first).to_be_visible()
    assert axe(moderator) == []
    moderator.keyboard.press("a")
    moderator.keyboard.type("Which of the two tables do you mean?")
    moderator.get_by_role("checkbox", name="Maple").uncheck()
    moderator.get_by_role("button", name="Send the question").click()
    moderator.get_by_text("Waits for Finch").wait_for()

    two.goto("/desk/")
    expect(two.get_by_text("Asked again")).to_have_count(0)
    one.goto("/desk/")
    one.get_by_text("A moderator has a question to you").click()
    one.get_by_text("asks you:").wait_for()
    assert axe(one) == []
    one.locator(".thread summary", has_text="Answer").click()
    one.get_by_label("Your answer").fill("The second, by month.")
    one.get_by_role("button", name="Answer").click()
    one.get_by_role("paragraph").filter(has_text="The second, by month.").wait_for()
    expect(one.get_by_text("asks you:")).to_have_count(0)

    moderator.reload()
    answer = moderator.get_by_role("paragraph").filter(has_text="The second, by month.")
    expect(answer).to_be_visible()
    moderator.keyboard.press("5")
    moderator.keyboard.press("s")
    moderator.keyboard.type("The budget says 11 %.")
    moderator.locator("input[name=evidence]").first.check()
    expect(moderator.get_by_text("Rests on 1 passage from 1 source")).to_be_visible()
    moderator.keyboard.press("Control+Enter")
    moderator.get_by_text("The reviewers disagreed, so the ruling needs your reason.").wait_for()
    assert axe(moderator) == []
    moderator.get_by_label("Reason for the choice").fill("The second table is the complete one.")
    moderator.keyboard.press("Control+Enter")
    moderator.get_by_text("The ruling is published.").wait_for()
    assert Ruling.objects.get().rating_name == "False"
    one.reload()
    expect(one.get_by_text("The second table is the complete one.")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("state", ["in_review", "disputed", "published", "set_aside"])
def test_every_state_is_readable_by_everyone_at_every_width(
    state: str, width: int, as_person: Open, article: Article, finch: User, maple: User,
    robin: User, axe: Check,
) -> None:  # fmt: skip
    claim = claim_in(state, article, first=finch, second=maple, moderator=robin)
    page = as_person(robin, width)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.goto(f"/claims/{claim.pk}/adjudicate/")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
