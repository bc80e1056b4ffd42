"""What was typed survives."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

FORM = """
<form data-draft="heron:claim-1">
  <input type="hidden" name="csrf" value="secret"><input type="password" name="pass">
  <textarea name="why">{why}</textarea>
  <input type="radio" name="rating" value="true"><input type="radio" name="rating" value="false">
  <input name="url"><input name="url">
  <button>Send</button>
</form>
<p data-draft-state="heron:claim-1"></p>
"""
KEEP = "async () => { (await import('/static/annotations/js/drafts.js')).keepDrafts() }"
STORED = "() => localStorage.getItem('draft:heron:claim-1')"


@pytest.fixture
def form(open_body):
    def show(why: str = "", more: str = "") -> Page:
        page = open_body(FORM.replace("{why}", why) + more)
        page.evaluate(KEEP)
        return page

    return show


def type_in(page: Page) -> None:
    page.fill("textarea", "The date is right \U0001f4a9")
    page.check("[value=false]")
    page.locator("[name=url]").nth(1).fill("https://example.org/b")
    page.wait_for_function(
        "() => localStorage.getItem('draft:heron:claim-1')?.includes('example.org')"
    )


def test_what_was_typed_is_back_after_the_tab_was_closed(form):
    type_in(form())
    page = form()
    assert page.input_value("textarea") == "The date is right \U0001f4a9"
    assert page.is_checked("[value=false]")
    assert page.locator("[name=url]").nth(1).input_value() == "https://example.org/b"
    assert "is back" in page.inner_text("[data-draft-state]")


def test_the_page_says_that_it_is_kept(form):
    page = form()
    type_in(page)
    assert page.inner_text("[data-draft-state]").startswith("Kept on this device ")


def test_passwords_and_tokens_are_not_kept(form):
    page = form()
    page.fill("[name=pass]", "hunter2")
    type_in(page)
    assert "secret" not in page.evaluate(STORED)
    assert "hunter2" not in page.evaluate(STORED)


def test_it_is_forgotten_when_the_server_took_it(form):
    type_in(form())
    page = form(more='<p data-draft-done="heron:claim-1">Verdict submitted</p>')
    assert page.evaluate(STORED) is None
    assert page.input_value("textarea") == ""


def test_newer_words_of_the_server_are_not_overwritten_but_the_typed_ones_offered(form):
    type_in(form(why="first"))
    page = form(why="changed from another machine")
    assert page.input_value("textarea") == "changed from another machine"
    page.get_by_role("button", name="Put it back").click()
    assert page.input_value("textarea") == "The date is right \U0001f4a9"


def test_a_page_that_closes_in_the_middle_of_a_word_keeps_it(form):
    page = form()
    page.evaluate(
        """
        () => {
          const a = document.querySelector('textarea');
          a.value = 'half a wo';
          a.dispatchEvent(new Event('input', { bubbles: true }));
          location.href = 'about:blank';
        }
        """
    )
    page.wait_for_url("about:blank")
    assert form().input_value("textarea") == "half a wo"


def test_another_person_on_the_machine_reads_nothing(form, open_body):
    type_in(form())
    page = open_body(FORM.replace("{why}", "").replace("heron", "larch"))
    page.evaluate(KEEP)
    assert page.input_value("textarea") == ""


def test_an_old_draft_is_let_go(form):
    type_in(form())
    form_page = form()
    form_page.evaluate(
        """
        () => {
          const k = 'draft:heron:claim-1', d = JSON.parse(localStorage.getItem(k));
          d.at -= 31 * 24 * 3600 * 1000;
          localStorage.setItem(k, JSON.stringify(d));
        }
        """
    )
    assert form().input_value("textarea") == ""


def test_a_page_without_storage_says_so(form):
    page = form()
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
    page.fill("textarea", "words")
    page.wait_for_function(
        "() => document.querySelector('[data-draft-state]').textContent.startsWith('Not kept')"
    )
