"""A moderator's whole job in a real browser: with the mouse, with the keyboard, at every screen."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Page

from annotations.models import Claim, Event, Project, Ruling, User
from tests.browser.conftest import tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Screens = Callable[[], Iterator[str]]
Check = Callable[[Page], list[str]]


@pytest.fixture
def wren(page: Page, seeded: Project, base_url: str) -> User:
    """The demo's moderator, signed in."""
    moderator = User.objects.get(username="moderator")
    client = Client()
    client.force_login(moderator)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": base_url}])
    return moderator


def one(state: str) -> Claim:
    claim = Claim.objects.filter(state=state).first()
    assert isinstance(claim, Claim)
    return claim


def address(claim: Claim, view: str = "change") -> str:
    return f"/admin/annotations/claim/{claim.pk}/{view}/"


def test_a_disputed_claim_is_published_with_the_mouse(
    page: Page, wren: User, complaints: list[str]
) -> None:
    page.goto("/admin/")
    page.locator(".task").first.click()
    page.locator(".scale label", has_text="Misleading").click()
    page.get_by_label("Summary").fill("The date is right, and “briefly” is not.")
    page.locator("input[name=evidence]").first.check()
    page.get_by_role("button", name="Publish ruling").click()
    page.get_by_text("The reviewers disagreed, so the ruling needs").wait_for()
    assert page.get_by_label("Summary").input_value().startswith("The date is right")
    assert page.locator("input[name=evidence]").first.is_checked()
    assert page.locator("input[name=rating][value=misleading]").is_checked()
    assert [one for one in complaints if "422" in one] == complaints
    complaints.clear()
    page.get_by_label("Reason for the choice").fill("The figures settle it.")
    page.get_by_role("button", name="Publish ruling").click()
    page.get_by_text("The ruling is published.").wait_for()
    ruling = Ruling.objects.order_by("-made_at").first()
    assert ruling is not None
    assert (ruling.made_by, ruling.reason) == (wren, "The figures settle it.")


def test_an_agreed_claim_is_published_with_the_keyboard(page: Page, wren: User) -> None:
    claim = one("agreed")
    page.goto(address(claim))
    tab_to(page, "input[name=rating]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    tab_to(page, "#publish-summary")
    page.keyboard.type("Both reviewers found the same.")
    tab_to(page, "#ruling button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("The ruling is published.").wait_for()
    claim.refresh_from_db()
    assert claim.state == "published"


ASIDE = "details:has(#set-aside) > summary"
LEFT = """(el) => {
  const range = document.createRange();
  range.selectNodeContents(el);
  return range.getBoundingClientRect().left;
}"""


def test_what_just_happened_is_said_in_line_with_the_page(
    page: Page, wren: User, each_screen: Screens
) -> None:
    page.goto(address(one("disputed")))
    page.locator(ASIDE).click()
    page.get_by_label("Opinion").check()
    page.get_by_role("button", name="Set aside").click()
    said = page.locator(".said li")
    for screen in each_screen():
        assert said.evaluate(LEFT) == page.locator("h1").evaluate(LEFT), screen
    page.goto("/admin/annotations/claim/")
    for screen in each_screen():
        field, button = (
            page.locator(f".find {part}").bounding_box() for part in (".input", ".btn")
        )
        assert field, screen
        assert button, screen
        assert button["y"] < field["y"] + field["height"], screen


def test_a_claim_is_set_aside_and_taken_back_with_the_keyboard(page: Page, wren: User) -> None:
    claim = one("disputed")
    page.goto(address(claim))
    tab_to(page, ASIDE)
    page.keyboard.press("Enter")
    tab_to(page, "input[name=set_aside_reason]")
    page.keyboard.press("Space")
    tab_to(page, "#set-aside button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("The claim is set aside.").wait_for()
    tab_to(page, "#restore button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("back in review: disputed.").wait_for()
    verbs = Event.objects.of_claim(claim.pk).values_list("verb", flat=True)[:2]
    assert list(verbs) == ["restore", "set_aside"]


def test_several_claims_are_set_aside_from_the_list(page: Page, wren: User) -> None:
    page.goto("/admin/annotations/claim/?state=agreed")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(label="Set aside: not checkable")
    page.get_by_role("button", name="Apply").click()
    page.get_by_text("3 claims set aside.").wait_for()
    assert not Claim.objects.filter(state="agreed").exists()


def test_the_theme_is_chosen_and_kept(page: Page, wren: User) -> None:
    page.goto("/admin/")
    page.get_by_label("Dark", exact=True).check(force=True)
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.get_by_label("Dark", exact=True).is_checked()


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    page: Page, wren: User, each_screen: Screens, axe: Check
) -> None:
    states = ("disputed", "agreed", "published", "corrected", "set_aside", "withdrawn", "marked")
    pages = ["/admin/", "/admin/annotations/claim/", "/admin/annotations/claim/?state=all"]
    pages += [address(one(state)) for state in states]
    pages += [address(one("corrected"), "history"), "/admin/annotations/event/"]
    pages += ["/admin/annotations/article/add/", "/admin/annotations/token/add/"]
    pages += [f"/admin/annotations/project/{Project.objects.get().pk}/change/"]
    found = {}
    for screen in each_screen():
        for where in pages:
            page.goto(where)
            problems = axe(page)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                problems.append("wider than the screen")
            if problems:
                found[screen, where] = problems
    assert found == {}
