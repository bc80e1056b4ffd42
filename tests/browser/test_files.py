"""A project's files in a real browser: bringing one in, how far it is, what was refused, maps."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotations.actions import imports
from annotations.actions.imports import cancel_import, run_import, start_import
from annotations.formats import csv
from annotations.models import Article, Import, Project, RatingMap, User
from tests.browser.conftest import tab_to
from tests.browser.workbench.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "/projects/council/files/"
LONG = "A-word-of-the-file-that-nobody-ever-wrote-" * 4
COLUMNS = ("article", "text", "claim", "statement", "start", "end", "quote", "reviewer", "rating")


def table(*ratings: str, wrong: int = 0) -> bytes:
    """A table with a row of an article of its own for each rating, and rows that are refused."""
    rows = [COLUMNS]
    for n, rating in enumerate(ratings):
        quote = f"Prices rose {n} times"
        place = ("0", str(len(quote)), quote)
        rows.append((f"a{n}", f"{quote} in a year.", f"c{n}", quote, *place, f"Ann {n}", rating))
    rows += [("", "", "", "=1+1", "x", "1", "", "", "")] * wrong
    return b"".join(csv.row(one) for one in rows)


def started(project: Project, actor: User, content: bytes, name: str = "claims.csv") -> Import:
    return start_import(project.pk, actor=actor, format="csv", name=name, content=[content])


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import notes how far it is after each thing of the file."""
    monkeypatch.setattr(imports, "MOST_AT_ONCE", 1)


def test_a_table_is_brought_in_by_keys_and_its_bar_reaches_the_end(
    page: Page, window: BrowserContext, base_url: str, project: Project, robin: User,
    sound: Callable[[], None], tmp_path: Path, one_by_one: None,
) -> None:  # fmt: skip
    sign_in(window, base_url, robin)
    page.goto(ADDRESS)
    sound()
    file = tmp_path / "claims.csv"
    file.write_bytes(table("True", "Pants on fire!", "True", wrong=2))
    expect(page.locator("#unit")).to_be_hidden()
    page.locator("#file").set_input_files(file)
    expect(page.locator("#format")).to_have_value("csv")
    expect(page.locator("#h-format")).to_contain_text("By the name of the file")
    expect(page.locator("#unit")).to_be_visible()
    tab_to(page, "button[value=start]")
    page.keyboard.press("Enter")
    page.get_by_text("claims.csv is here and comes in by itself.").wait_for()
    bar = page.locator("#imports progress")
    expect(bar).to_have_attribute("value", "0")
    sound()
    tab_to(page, "button[value=cancel]")
    seen: list[int] = []

    def told(job: Import) -> None:
        """The page shows each part as it comes, and keeps the focus where it is."""
        if job.is_open and len(seen) < 2:
            expect(bar).to_have_attribute("value", str(job.share))
            expect(page.locator("#imports .counts")).to_contain_text(f"{job.articles} article")
            expect(page.locator("button[value=cancel]")).to_be_focused()
            seen.append(job.share)

    run_import(Import.objects.get().pk, told=told)
    assert len(seen) == 2
    expect(bar).to_have_count(0)
    expect(page.locator("#imports .due")).to_contain_text("Done")
    expect(page.locator("#said")).to_have_text("claims.csv: done. Refused: 2.")
    expect(page.locator("#waiting .q")).to_have_text("Pants on fire!")
    expect(page.locator("#imports")).not_to_have_attribute("hx-trigger", "every 2s")
    sound()


def test_an_import_is_cancelled_and_taken_up_again_by_keys(
    page: Page, window: BrowserContext, base_url: str, project: Project, robin: User,
    sound: Callable[[], None], one_by_one: None,
) -> None:  # fmt: skip
    started(project, robin, table("True", "False"), f"{LONG}.csv")
    sign_in(window, base_url, robin)
    page.goto(ADDRESS)
    tab_to(page, "button[value=cancel]")
    page.keyboard.press("Enter")
    page.get_by_text("is stopped. What has come in stays.").wait_for()
    sound()
    tab_to(page, "button[value=resume]")
    page.keyboard.press("Enter")
    page.get_by_text("goes on where it stopped.").wait_for()
    run_import(Import.objects.get().pk)
    expect(page.locator("#imports .due")).to_contain_text("Done")
    expect(page.locator("button[value=resume]")).to_have_count(0)


def test_what_was_refused_is_read_and_taken_along(
    page: Page, window: BrowserContext, base_url: str, project: Project, robin: User,
    sound: Callable[[], None],
) -> None:  # fmt: skip
    run_import(started(project, robin, table("True", wrong=60)).pk)
    Import.objects.update(left_out={LONG: 3})
    sign_in(window, base_url, robin)
    page.goto(ADDRESS)
    tab_to(page, "#imports a.q")
    page.keyboard.press("Enter")
    expect(page.locator(".task .due", has_text="Line")).to_have_count(50)
    sound()
    page.get_by_role("link", name="The next ones").click()
    expect(page.locator(".task .due", has_text="Line")).to_have_count(10)
    with page.expect_download() as download:
        page.get_by_role("link", name="All of them as CSV").click()
    assert download.value.suggested_filename == "claims.csv-refused.csv"
    assert download.value.path().read_bytes().count(b"\r\n") == 61


def test_a_rating_gets_a_map_by_keys_and_the_map_is_taken_back(
    page: Page, window: BrowserContext, base_url: str, project: Project, robin: User,
    sound: Callable[[], None],
) -> None:  # fmt: skip
    run_import(started(project, robin, table("Pants on fire!", LONG)).pk)
    sign_in(window, base_url, robin)
    page.goto(ADDRESS)
    expect(page.locator("#waiting li")).to_have_count(2)
    for word, rating in ((LONG, "Leave them out"), ("Pants on fire!", "False")):
        place = page.locator("#waiting li", has_text=word).locator("select")
        tab_to(page, f"#{place.get_attribute('id')}")
        page.keyboard.type(rating)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("from now on").wait_for()
        sound()
    expect(page.locator("#waiting")).to_be_hidden()
    tab_to(page, "button[value=unmap]")
    page.keyboard.press("Enter")
    page.get_by_text("The map is taken back").wait_for()
    assert RatingMap.objects.count() == 1


def test_a_refusal_keeps_what_was_chosen(
    page: Page, window: BrowserContext, base_url: str, project: Project, robin: User,
    sound: Callable[[], None], complaints: list[str], tmp_path: Path,
) -> None:  # fmt: skip
    sign_in(window, base_url, robin)
    page.goto(ADDRESS)
    (tmp_path / "notes.txt").write_bytes(b"")
    page.locator("#format").select_option("csv")
    page.locator("#unit").select_option("utf16")
    page.locator("#file").set_input_files(tmp_path / "notes.txt")
    tab_to(page, "button[value=start]")
    page.keyboard.press("Enter")
    expect(page.locator("#p-file")).to_have_text("The file is empty.")
    expect(page.locator("#format")).to_have_value("csv")
    expect(page.locator("#unit")).to_have_value("utf16")
    assert all("status of 4" in one for one in complaints)
    complaints.clear()
    sound()


def test_a_file_that_is_too_large_is_told_of_before_it_is_sent(
    page: Page, window: BrowserContext, base_url: str, project: Project, robin: User,
    tmp_path: Path,
) -> None:  # fmt: skip
    sign_in(window, base_url, robin)
    page.goto(ADDRESS)
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(2**30 + 1)
    page.locator("#file").set_input_files(tmp_path / "large.csv")
    page.locator("button[value=start]").click()
    said = page.locator("#file").evaluate("(el) => el.validationMessage")
    assert said == "The file is larger than 1024 MB. Pack it, or bring it in parts."
    assert not Import.objects.exists()


def test_without_scripts_a_file_comes_and_is_handed_out(
    page_without_scripts: Page, base_url: str, article: Article, robin: User, tmp_path: Path
) -> None:
    page = page_without_scripts
    sign_in(page.context, base_url, robin)
    page.goto(ADDRESS)
    (tmp_path / "claims.csv").write_bytes(table("True", "Meh"))
    page.locator("#file").set_input_files(tmp_path / "claims.csv")
    page.locator("#format").select_option("csv")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator("#imports .due")).to_contain_text("Waits its turn")
    cancel_import(Import.objects.get().pk, actor=robin)
    page.reload()
    page.get_by_role("button", name="Take up again").click()
    run_import(Import.objects.get().pk)
    page.reload()
    expect(page.locator("#imports .due")).to_contain_text("Done")
    page.locator("#waiting select").select_option("Mostly true")
    page.get_by_role("button", name="Map it").click()
    assert RatingMap.objects.get().word == "Meh"
    with page.expect_download() as download:
        page.get_by_role("link", name="Download JSON Lines, one record a line").click()
    *records, last = download.value.path().read_bytes().splitlines()
    assert len(records) == 3
    assert last.startswith(b'{"end"')


def test_a_reviewer_hands_out_and_does_nothing_else(
    page: Page, window: BrowserContext, base_url: str, project: Project, finch: User,
    sound: Callable[[], None],
) -> None:  # fmt: skip
    sign_in(window, base_url, finch)
    page.goto("/desk/")
    page.get_by_role("link", name="Files").click()
    expect(page.locator("main button")).to_have_count(0)
    for one in page.locator("summary").all():
        one.click()
    sound()
