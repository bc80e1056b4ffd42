"""The key map: what is dispatched where, and the sheet that tells it."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

BODY = """
<main tabindex="0" id="main">Article</main>
<aside tabindex="0" id="panel">
  <input id="field"><textarea id="area"></textarea><select id="select"><option>x</select>
  <div id="free" contenteditable>y</div>
  <label><input type="radio" name="r" id="radio" value="1">1</label>
  <label><input type="radio" name="r">2</label>
</aside>
<dialog id="keys"><button data-close>Close</button><div class="keys">
<section><h3>While you type</h3>
<label><input type="checkbox" name="single-keys">Single-letter keys</label></section></div></dialog>
"""
LISTEN = """async () => {
  const keys = await import('/static/annotations/js/keys.js');
  const { openDialog } = await import('/static/annotations/js/dialog.js');
  window.done = [];
  // No page has all of them: a moderator decides by keys that mark and judge in the workbench.
  const here = keys.ROWS.filter(({ group }) => !['Decide', 'Rule'].includes(group));
  const all = here.flatMap(({ keys }) => Object.values(keys));
  const note = (id) => (event) => {
    done.push(id === 'rate' ? `rate ${event.key}` : id);
    return id !== 'inner';
  };
  window.commands = Object.fromEntries(all.map((id) => [id, note(id)]));
  commands.help = () => { openDialog('keys') };
  keys.listen(commands);
  keys.fillHelp(document.querySelector('.keys'), commands);
  window.keys = keys;
}"""


@pytest.fixture
def keyed(open_body) -> Page:
    page = open_body(BODY)
    page.evaluate(LISTEN)
    page.focus("#main")
    return page


def pressed(page: Page, *keys: str) -> list[str]:
    page.evaluate("done.length = 0")
    for key in keys:
        page.keyboard.press(key)
    done: list[str] = page.evaluate("done")
    return done


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("j", "next-claim"),
        ("k", "previous-claim"),
        ("n", "next-to-judge"),
        ("m", "mark"),
        ("a", "add-passage"),
        ("s", "sentence"),
        ("Shift+S", "sentence-back"),
        ("]", "end-out"),
        ("Shift+}", "end-in"),
        ("[", "start-out"),
        ("Shift+{", "start-in"),
        ("Shift+ArrowRight", "end-right"),
        ("4", "rate 4"),
        ("e", "evidence"),
        ("r", "rationale"),
        ("Control+Enter", "submit"),
        ("Meta+Enter", "submit"),
        ("Control+z", "undo"),
        ("F6", "next-pane"),
        ("Shift+F6", "previous-pane"),
        ("ArrowUp", "outer"),
        ("Escape", "close"),
    ],
)
def test_a_key_does_what_the_sheet_says(keyed, key, command):
    assert pressed(keyed, key) == [command]


@pytest.mark.parametrize("field", ["#field", "#area", "#select", "#free"])
def test_single_keys_are_off_where_text_is_typed(keyed, field):
    keyed.focus(field)
    assert pressed(keyed, "j", "4", "?", "]", "Control+z") == []


@pytest.mark.parametrize("field", ["#field", "#area", "#free"])
def test_submitting_works_from_a_field(keyed, field):
    keyed.focus(field)
    assert pressed(keyed, "Control+Enter") == ["submit"]


def test_escape_leaves_the_field_and_turns_the_keys_on(keyed):
    keyed.focus("#area")
    assert pressed(keyed, "Escape") == []
    assert keyed.evaluate("document.activeElement.id") == "panel"
    assert pressed(keyed, "j") == ["next-claim"]


def test_letters_work_on_a_radio_button_and_its_arrows_stay_its_own(keyed):
    keyed.focus("#radio")
    assert pressed(keyed, "ArrowUp", "j") == ["next-claim"]


def test_two_keys_in_a_row_are_one_command(keyed):
    assert pressed(keyed, "g", "d") == ["desk"]
    assert pressed(keyed, "d") == []


def test_other_keys_are_left_to_the_browser(keyed):
    assert pressed(keyed, "Control+j", "Alt+m", "y", "Tab") == []


def test_a_command_that_did_nothing_leaves_the_key_to_the_browser(keyed):
    keyed.evaluate("addEventListener('keydown', (e) => { window.prevented = e.defaultPrevented })")
    pressed(keyed, "ArrowDown")
    assert keyed.evaluate("prevented") is False
    pressed(keyed, "ArrowUp")
    assert keyed.evaluate("prevented") is True


def test_a_bracket_written_with_altgr_is_a_bracket(keyed):
    name = keyed.evaluate(
        """keys.nameOf(new KeyboardEvent('keydown', {
          key: '[', ctrlKey: true, altKey: true, modifierAltGraph: true,
        }))"""
    )
    assert name == "["


def test_the_sheet_opens_shows_every_command_and_keeps_the_keys_to_itself(keyed):
    keyed.keyboard.press("?")
    assert keyed.locator("#keys").is_visible()
    assert keyed.locator(".keys h3").all_text_contents() == [
        "Move",
        "Mark",
        "Judge",
        "Everywhere",
        "While you type",
    ]
    sheet = keyed.locator(".keys").inner_text().replace("\n", " ")
    assert "Next, previous claim J / K Next" in sheet
    assert pressed(keyed, "j") == []
    keyed.keyboard.press("Escape")
    assert not keyed.locator("#keys").is_visible()
    assert keyed.evaluate("document.activeElement.id") == "main"


def test_a_key_does_what_the_page_has(open_body) -> None:
    page = open_body(BODY)
    page.evaluate(
        """async () => {
          const { listen } = await import('/static/annotations/js/keys.js');
          window.done = [];
          listen({ 'accept-place': () => done.push('accept-place') });
        }"""
    )
    page.focus("#main")
    assert pressed(page, "a", "r") == ["accept-place"]


def test_the_sheet_leaves_out_what_the_page_has_not(keyed):
    keyed.evaluate(
        """
        () => {
          const sheet = document.createElement('div');
          sheet.id = 'small';
          document.body.append(sheet);
          keys.fillHelp(sheet, { help() {} });
        }
        """
    )
    assert keyed.locator("#small dt").all_text_contents() == ["This sheet"]


def test_single_letters_can_be_turned_off(keyed):
    keyed.keyboard.press("?")
    keyed.uncheck("input[name=single-keys]")
    keyed.keyboard.press("Escape")
    assert pressed(keyed, "j", "4", "Control+z", "F6") == ["undo", "next-pane"]
    keyed.keyboard.press("?")
    assert keyed.locator("#keys").is_visible()
