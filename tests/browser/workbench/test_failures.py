"""When something fails: a sentence where it belongs, and nothing typed is lost."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from annotations.actions.claims import mark_claim, set_aside, unmark_claim
from annotations.models import Article, Claim, User, Verdict
from tests.browser.workbench.conftest import Bench, Open, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Thought about for an hour."


@pytest.fixture
def claim(article: Article, finch: User) -> Claim:
    return mark_claim(article.pk, 42, 63, actor=finch).claim


@pytest.fixture
def typed(bench: Open, article: Article, finch: User, claim: Claim) -> Bench:
    """The form of a claim with a rating and a rationale typed in, not sent."""
    at = bench(article, finch, f"claims/{claim.pk}/")
    at.keys("6", "r")
    at.page.keyboard.type(WORDS)
    expect(at.panel.locator(".kept")).to_contain_text(re.compile(r"Kept on this device \d\d:\d\d"))
    return at


def refusals_are_meant(complaints: list[str]) -> None:
    """Chromium writes every answer of 400 and more to the console, and every lost connection."""
    known = ("status of 4", "status of 5", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "htmx:error")
    complaints[:] = [one for one in complaints if not any(word in one for word in known)]


def test_a_refused_verdict_takes_focus_to_the_first_field_to_mend(
    bench: Open, article: Article, finch: User, claim: Claim, complaints: list[str]
) -> None:
    at = bench(article, finch, f"claims/{claim.pk}/")
    panel = at.panel
    panel.get_by_role("button", name="Submit verdict").click()
    expect(panel.get_by_text("A verdict needs a rating.")).to_be_visible()
    expect(panel.get_by_role("radio", name="True", exact=True)).to_be_focused()
    expect(panel.get_by_role("group", name="Your rating")).to_have_accessible_description(
        re.compile("needs a rating")
    )
    at.keys("1")
    panel.get_by_label("Rationale").fill(WORDS)
    panel.get_by_role("button", name="Submit verdict").click()
    add = panel.get_by_role("button", name="Add evidence")
    expect(add).to_be_focused()
    expect(add).to_have_accessible_description(re.compile("at least one piece of evidence"))
    at.keys("Enter")
    at.page.keyboard.type("javascript:alert(1)")
    at.keys("Control+Enter")
    address = panel.get_by_label("Address")
    expect(address).to_be_focused()
    expect(address).to_have_value("javascript:alert(1)")
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(panel.get_by_label("Rationale")).to_have_value(WORDS)
    assert not Verdict.objects.exists()
    refusals_are_meant(complaints)


def test_which_way_a_source_points_is_chosen_and_never_preset(
    bench: Open, article: Article, finch: User, claim: Claim, complaints: list[str]
) -> None:
    at = bench(article, finch, f"claims/{claim.pk}/")
    at.keys("1", "r")
    at.page.keyboard.type(WORDS)
    at.keys("Escape", "e")
    at.page.keyboard.type("https://example.org/budget")
    way = at.panel.get_by_role("group", name="What it does")
    expect(way.locator(":checked")).to_have_count(0)
    at.keys("Control+Enter")
    expect(way).to_have_accessible_description(re.compile("supports, refutes or gives context"))
    expect(way.get_by_role("radio", name="Supports")).to_be_focused()
    expect(way.locator(":checked")).to_have_count(0)
    at.keys("ArrowRight", "Control+Enter")
    expect(at.panel.get_by_text("Your verdict")).to_be_visible()
    assert Verdict.objects.get().evidence.get().stance == "refutes"
    refusals_are_meant(complaints)


def test_a_question_is_asked_with_keys_alone_and_kept_on_the_device(
    bench: Open, article: Article, finch: User, claim: Claim
) -> None:
    at = bench(article, finch, f"claims/{claim.pk}/")
    expect(at.panel.get_by_label("Answer")).to_be_hidden()
    at.keys("e", "Tab", "ArrowRight", "Tab", "ArrowRight", "Tab")
    expect(at.panel.get_by_label("Question").last).to_be_focused()
    at.page.keyboard.type("Which month?")
    at.keys("Tab")
    at.page.keyboard.type("Nobody says.")
    expect(at.panel.locator(".kept")).to_contain_text("Kept on this device")
    at.page.reload()
    expect(at.panel.get_by_label("Answer")).to_have_value("Nobody says.")
    expect(at.panel.get_by_role("radio", name="Question")).to_be_checked()
    at.panel.get_by_role("button", name="Save draft").click()
    expect(at.panel.locator(".ev-seen .asked")).to_have_text("Which month?")
    kept = Verdict.objects.get().evidence.get()
    assert (kept.stance, kept.source, kept.answer) == ("refutes", None, "Nobody says.")


def test_a_session_that_ended_loses_nothing_and_the_same_form_is_sent_after_signing_in(
    typed: Bench, window: BrowserContext, base_url: str, finch: User, complaints: list[str]
) -> None:
    finch.set_password("a new beginning")
    finch.save()
    Session.objects.all().delete()
    typed.keys("Control+Enter")
    notice = typed.page.locator("[data-notice=session]")
    expect(notice).to_be_visible()
    expect(typed.panel.get_by_label("Rationale")).to_have_value(WORDS)
    # In another tab the person signs in again, which also changes the token of every form.
    with window.expect_page() as opened:
        notice.get_by_role("link").click()
    other = opened.value
    other.get_by_label("Name").fill("finch")
    other.locator("#password").fill("a new beginning")
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.locator("#main.scroll")).to_be_visible()
    other.close()
    typed.page.locator("#rationale").focus()
    typed.keys("Control+Enter")
    expect(typed.panel.get_by_text("Your verdict")).to_be_visible()
    expect(notice).to_be_hidden()
    assert Verdict.objects.get().rationale == WORDS
    refusals_are_meant(complaints)


def test_a_session_that_took_its_token_with_it_is_said_to_have_ended_as_well(
    typed: Bench, window: BrowserContext, complaints: list[str]
) -> None:
    Session.objects.all().delete()
    window.clear_cookies()
    typed.panel.get_by_role("button", name="Save draft").click()
    expect(typed.page.locator("[data-notice=session]")).to_be_visible()
    expect(typed.panel.get_by_label("Rationale")).to_have_value(WORDS)
    expect(typed.panel.get_by_role("alert")).to_have_count(0)
    refusals_are_meant(complaints)


def test_a_token_of_an_older_page_is_no_obstacle_and_a_missing_one_is_said(
    typed: Bench, window: BrowserContext, complaints: list[str]
) -> None:
    window.clear_cookies(name="csrftoken")
    typed.panel.get_by_role("button", name="Save draft").click()
    expect(typed.panel.get_by_role("alert")).to_contain_text("was not sent")
    expect(typed.panel.get_by_label("Rationale")).to_have_value(WORDS)
    refusals_are_meant(complaints)


def test_without_a_connection_the_page_says_so_and_keeps_what_is_typed(
    typed: Bench, window: BrowserContext, complaints: list[str]
) -> None:
    window.set_offline(True)
    expect(typed.page.locator("[data-notice=offline]")).to_be_visible()
    typed.keys("Control+Enter")
    expect(typed.panel.get_by_label("Rationale")).to_have_value(WORDS)
    window.set_offline(False)
    expect(typed.page.locator("[data-notice=offline]")).to_be_hidden()
    typed.page.reload()
    expect(typed.panel.get_by_label("Rationale")).to_have_value(WORDS)
    expect(typed.panel.locator(".kept")).to_contain_text("is back")
    refusals_are_meant(complaints)


def test_a_fault_of_the_server_leaves_the_form_as_it_is(
    typed: Bench, complaints: list[str]
) -> None:
    typed.page.evaluate("window.fetch = async () => new Response('<h1>Oh</h1>', { status: 500 })")
    typed.keys("Control+Enter")
    expect(typed.toast).to_contain_text("Nothing was lost")
    expect(typed.panel.get_by_label("Rationale")).to_have_value(WORDS)
    refusals_are_meant(complaints)


def test_a_claim_that_a_colleague_removed_is_said_to_be_gone_above_what_was_typed(
    typed: Bench, claim: Claim, finch: User, complaints: list[str]
) -> None:
    unmark_claim(claim.pk, actor=finch)
    typed.keys("Control+Enter")
    alert = typed.panel.get_by_role("alert")
    expect(alert).to_contain_text("This claim is no longer here")
    expect(alert).to_be_focused()
    expect(typed.panel.get_by_label("Rationale")).to_have_value(WORDS)
    expect(typed.page.locator(".row")).to_have_count(0)
    typed.panel.get_by_role("button", name="Save draft").click()
    expect(typed.panel.get_by_role("alert")).to_have_count(1)
    refusals_are_meant(complaints)


def test_a_claim_that_was_set_aside_meanwhile_shows_what_was_written(
    typed: Bench, claim: Claim, robin: User, complaints: list[str]
) -> None:
    set_aside(claim.pk, "opinion", actor=robin)
    typed.keys("Control+Enter")
    expect(typed.panel.get_by_role("alert")).to_contain_text("set aside")
    expect(typed.panel.get_by_text(WORDS)).to_be_visible()
    refusals_are_meant(complaints)


def test_what_is_typed_into_one_claim_is_there_after_a_look_at_another(
    typed: Bench, article: Article, finch: User
) -> None:
    mark_claim(article.pk, 0, 3, actor=finch)
    typed.page.reload()
    expect(typed.panel.get_by_label("Rationale")).to_have_value(WORDS)
    typed.row(1).click()
    expect(typed.heading).to_have_text("Claim 1")
    expect(typed.panel.get_by_label("Rationale")).to_have_value("")
    typed.row(2).click()
    expect(typed.panel.get_by_label("Rationale")).to_have_value(WORDS)
    expect(typed.panel.get_by_role("radio", name="Unproven")).to_be_checked()


def test_of_two_tabs_the_last_one_saves_and_the_other_keeps_its_words(
    typed: Bench, window: BrowserContext, article: Article, claim: Claim
) -> None:
    other = Bench(window.new_page(), article).open(f"claims/{claim.pk}/")
    other.panel.get_by_label("Rationale").fill("Typed in the other tab.")
    expect(other.panel.locator(".kept")).to_contain_text("Kept on this device")
    typed.panel.get_by_role("button", name="Save draft").click()
    expect(typed.toast).to_contain_text("Draft saved")
    assert Verdict.objects.get().rationale == WORDS
    # The first tab saved; the other closes without saving, and its words are offered.
    other.page.close()
    typed.page.reload()
    expect(typed.panel.get_by_label("Rationale")).to_have_value(WORDS)
    typed.panel.get_by_role("button", name="Put it back").click()
    expect(typed.panel.get_by_label("Rationale")).to_have_value("Typed in the other tab.")
    typed.panel.get_by_role("button", name="Save draft").click()
    expect(typed.toast).to_contain_text("Draft saved")
    assert Verdict.objects.get().rationale == "Typed in the other tab."


def test_a_second_tab_that_stood_open_asks_before_it_makes_a_second_version(
    typed: Bench, window: BrowserContext, article: Article, claim: Claim, complaints: list[str]
) -> None:
    other = Bench(window.new_page(), article).open(f"claims/{claim.pk}/")
    typed.keys("Control+Enter")
    expect(typed.panel.get_by_text("Your verdict")).to_be_visible()
    other.keys("6", "r")
    other.page.keyboard.press("Control+a")
    other.page.keyboard.type("Typed in the other tab.")
    other.keys("Control+Enter")
    alert = other.panel.get_by_role("alert")
    expect(alert).to_contain_text("You submitted version 1 of your verdict")
    expect(alert).to_be_focused()
    expect(other.panel.get_by_label("Rationale")).to_have_value("Typed in the other tab.")
    other.panel.get_by_text("Earlier versions of yours").click()
    expect(other.panel.locator("details.earlier")).to_contain_text(WORDS)
    assert Verdict.objects.count() == 1
    other.panel.get_by_role("button", name="Submit new version").click()
    expect(other.panel.get_by_text("Your verdict, version 2")).to_be_visible()
    assert [one.rationale for one in Verdict.objects.order_by("version")] == [
        WORDS,
        "Typed in the other tab.",
    ]
    refusals_are_meant(complaints)


def test_after_saving_nothing_is_offered_any_more(typed: Bench) -> None:
    typed.panel.get_by_role("button", name="Save draft").click()
    expect(typed.panel.locator(".kept")).to_contain_text("Saved")
    assert (
        typed.page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('draft'))") == []
    )
    typed.page.keyboard.press("r")
    typed.page.keyboard.type(" More.")
    expect(typed.panel.locator(".kept")).to_contain_text("Kept on this device")
    typed.page.reload()
    expect(typed.panel.get_by_label("Rationale")).to_have_value(re.compile("More"))
    expect(typed.panel.get_by_role("button", name="Put it back")).to_have_count(0)


def test_evidence_that_was_removed_comes_back(
    bench: Open, article: Article, finch: User, claim: Claim
) -> None:
    at = bench(article, finch, f"claims/{claim.pk}/")
    for name in ("a", "b"):
        at.keys("e")
        at.page.keyboard.type(f"https://example.org/{name}")
        at.keys("Escape")
    at.panel.get_by_role("button", name="Remove evidence 1").click()
    expect(at.panel.get_by_label("Address")).to_have_count(1)
    expect(at.panel.get_by_role("button", name="Remove evidence 1")).to_be_visible()
    at.toast.get_by_role("button", name="Undo").click()
    expect(at.panel.get_by_label("Address").first).to_have_value("https://example.org/a")
    at.panel.get_by_role("button", name="Save draft").click()
    expect(at.toast).to_contain_text("Draft saved")
    kept = Verdict.objects.get().evidence.order_by("position")
    assert [one[-1] for one in kept.values_list("source__address", flat=True)] == ["a", "b"]


def test_while_an_answer_is_on_its_way_the_panel_says_busy_and_shows_bars(
    bench: Open, article: Article, finch: User, claim: Claim
) -> None:
    at = bench(article, finch)
    at.hold("/claims/")
    at.keys("j")
    expect(at.panel).to_have_attribute("aria-busy", "true")
    expect(at.panel.locator(".loading i").first).to_be_visible()
    expect(at.row(1)).to_have_attribute("aria-current", "true")
    at.let_go()
    expect(at.heading).to_have_text("Claim 1")
    expect(at.panel.locator(".loading")).to_have_count(0)
    expect(at.panel).not_to_have_attribute("aria-busy", "true")


def test_of_two_links_pressed_in_a_hurry_the_last_one_is_shown(
    bench: Open, article: Article, finch: User, claim: Claim
) -> None:
    at = bench(article, finch, f"claims/{claim.pk}/")
    at.hold("/edit/")
    at.panel.get_by_role("link", name="Change").click()
    at.panel.get_by_role("link", name="Close the claim").click()
    expect(at.panel).to_have_attribute("aria-busy", "true")
    at.let_go()
    expect(at.panel).to_contain_text("Open a claim from the list")
    expect(at.panel.get_by_label("Statement")).to_have_count(0)


def test_a_verdict_sent_twice_in_a_hurry_is_one(typed: Bench) -> None:
    typed.keys("Control+Enter", "Control+Enter", "Control+Enter")
    expect(typed.panel.get_by_text("Your verdict")).to_be_visible()
    assert Verdict.objects.count() == 1


def test_without_scripts_a_verdict_is_given_and_only_what_works_is_offered(
    page_without_scripts: Page, base_url: str, article: Article, finch: User, claim: Claim
) -> None:
    page = page_without_scripts
    sign_in(page.context, base_url, finch)
    page.goto(f"/workbench/{article.slug}/")
    page.locator(".row").click()
    expect(page.get_by_role("button", name="Next claim")).to_be_hidden()
    page.get_by_role("radio", name="True", exact=True).click()
    page.get_by_label("Rationale").fill(WORDS)
    page.get_by_role("button", name="Submit verdict").click()
    expect(page.get_by_text("at least one piece of evidence")).to_be_visible()
    page.get_by_role("button", name="Add evidence").click()
    page.get_by_label("Address").fill("https://example.org/budget")
    page.get_by_role("radio", name="Supports").click()
    page.get_by_role("button", name="Submit verdict").click()
    expect(page.get_by_text("Your verdict")).to_be_visible()
    page.get_by_role("link", name="To judge").click()
    expect(page.locator(".row")).to_have_count(0)
    assert Verdict.objects.get().submitted_at
