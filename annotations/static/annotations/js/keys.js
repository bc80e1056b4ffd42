/**
 * The keys: one table, from which they are dispatched and the help sheet is filled.
 *
 * A key is "J", "Shift+S", "Ctrl+Enter" (also Cmd), "G D" for two in a row. Printed signs such as "?"
 * or "]" carry no Shift: layouts differ. A command that answers false leaves the key to the browser.
 */

/** @typedef {Record<string, (event: KeyboardEvent) => unknown>} Commands */
/** @typedef {{ group: string, label: string, keys: Record<string, string>, shown?: string }} Row shown: in place of the keys' own names */

/** @type {Row[]} */
export const ROWS = [
  { group: "Move", label: "Next, previous claim", keys: { J: "next-claim", K: "previous-claim" } },
  { group: "Move", label: "Next claim to judge", keys: { N: "next-to-judge" } },
  {
    group: "Move",
    label: "Article, list, panel",
    keys: { F6: "next-pane", "Shift+F6": "previous-pane" },
    shown: "F6",
  },
  { group: "Move", label: "My desk", keys: { "G D": "desk" } },
  { group: "Mark", label: "Mark the selection", keys: { M: "mark" } },
  { group: "Mark", label: "Add to the open claim", keys: { A: "add-passage" } },
  { group: "Mark", label: "Other words for the open claim", keys: { U: "use-words" } },
  { group: "Mark", label: "Keep the other words", keys: { Enter: "keep-words" } },
  { group: "Mark", label: "Next, previous sentence", keys: { S: "sentence", "Shift+S": "sentence-back" } },
  { group: "Mark", label: "Next, previous word", keys: { W: "word", "Shift+W": "word-back" } },
  { group: "Mark", label: "Next, previous character", keys: { C: "character", "Shift+C": "character-back" } },
  {
    group: "Mark",
    label: "Move start by a word",
    keys: { "[": "start-out", "{": "start-in" },
    shown: "[ / Shift [",
  },
  {
    group: "Mark",
    label: "Move end by a word",
    keys: { "]": "end-out", "}": "end-in" },
    shown: "] / Shift ]",
  },
  {
    group: "Mark",
    label: "Or with arrow keys",
    keys: { "Ctrl+Shift+ArrowRight": "end-word-right", "Ctrl+Shift+ArrowLeft": "end-word-left" },
    shown: "Ctrl Shift →",
  },
  {
    group: "Mark",
    label: "Move end by a character",
    keys: { "Shift+ArrowRight": "end-right", "Shift+ArrowLeft": "end-left" },
    shown: "Shift →",
  },
  {
    group: "Mark",
    label: "Move start by a character",
    keys: { "Alt+Shift+ArrowRight": "start-right", "Alt+Shift+ArrowLeft": "start-left" },
    shown: "Alt Shift →",
  },
  { group: "Mark", label: "Inner, outer mark", keys: { ArrowDown: "inner", ArrowUp: "outer" } },
  {
    group: "Judge",
    label: "Rate on the scale",
    keys: { 1: "rate", 2: "rate", 3: "rate", 4: "rate", 5: "rate", 6: "rate" },
    shown: "1 to 6",
  },
  { group: "Judge", label: "Write the rationale", keys: { R: "rationale" } },
  { group: "Judge", label: "Add evidence", keys: { E: "evidence" } },
  { group: "Judge", label: "Submit the verdict", keys: { "Ctrl+Enter": "submit" } },
  { group: "Judge", label: "Skip the claim", keys: { X: "skip" } },
  { group: "Decide", label: "Accept the new place", keys: { A: "accept-place" } },
  { group: "Decide", label: "Ask the reviewers again", keys: { R: "ask-again" } },
  { group: "Decide", label: "Select its place by hand", keys: { P: "by-hand" } },
  { group: "Decide", label: "Let the mark go", keys: { L: "let-go" } },
  { group: "Decide", label: "Go on", keys: { "Ctrl+Enter": "go-on" } },
  { group: "Rule", label: "Write the summary", keys: { S: "summary" } },
  { group: "Rule", label: "Publish the ruling", keys: { "Ctrl+Enter": "publish" } },
  { group: "Rule", label: "Ask the reviewers again", keys: { A: "ask-reviewers" } },
  { group: "Rule", label: "Comment", keys: { C: "comment" } },
  { group: "Everywhere", label: "Undo the last mark", keys: { "Ctrl+Z": "undo" } },
  { group: "Everywhere", label: "This sheet", keys: { "?": "help" } },
  { group: "Everywhere", label: "Close, step back", keys: { Escape: "close" } },
];

const STORED = "single-keys"; // "off": WCAG 2.1.4 asks for a way to turn single letters off
const NAMES = /** @type {Record<string, string>} */ ({ ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" });
const SECOND_KEY_WITHIN = 1500; // ms

/** What each key does on a page: the same one may do something else on another. @param {Commands} commands */
const keysOf = (commands) =>
  new Map(ROWS.flatMap(({ keys }) => Object.entries(keys).filter(([, id]) => commands[id])));

/** @param {Element | null} el is something typed there? */
const takesText = (el) =>
  Boolean(
    el?.closest(
      "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit], [type=button])",
    ),
  );

/**
 * A keyboard event in the table's words.
 * @param {KeyboardEvent} event
 */
export function nameOf(event) {
  const { key } = event;
  // AltGr writes brackets on many layouts, and reports Ctrl and Alt with them.
  const plain = event.getModifierState("AltGraph");
  const named = key.length > 1 || key.toLowerCase() !== key.toUpperCase();
  const ctrl = (event.ctrlKey || event.metaKey) && !plain ? "Ctrl+" : "";
  const alt = event.altKey && !plain ? "Alt+" : "";
  return (
    ctrl + alt + (event.shiftKey && named ? "Shift+" : "") + (key.length === 1 ? key.toUpperCase() : key)
  );
}

/**
 * Listens for the commands a page has.
 * @param {Commands} commands
 * @param {EventTarget} [target]
 */
export function listen(commands, target = document) {
  const known = keysOf(commands);
  let first = "";
  let at = 0;
  target.addEventListener("keydown", (e) => {
    const event = /** @type {KeyboardEvent} */ (e);
    const el = event.target instanceof Element ? event.target : null;
    // A dialog keeps its own keys, an input method's are not ours.
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const name = nameOf(event);
    if (takesText(el)) {
      if (name === "Escape") leave(/** @type {HTMLElement} */ (el));
      if (name !== "Ctrl+Enter") return;
    }
    // Arrow keys move within a group of radio buttons.
    if (name.startsWith("Arrow") && el?.matches("input")) return;
    if (name.length === 1 && localStorage.getItem(STORED) === "off" && name !== "?") return;
    const pair = event.timeStamp - at < SECOND_KEY_WITHIN ? `${first} ${name}` : "";
    first = name;
    at = event.timeStamp;
    const command = commands[known.get(pair) ?? known.get(name) ?? ""];
    if (command && command(event) !== false) event.preventDefault();
  });
}

/** Esc leaves a field for the pane around it, where the keys are on again. @param {HTMLElement} field */
function leave(field) {
  field.blur();
  /** @type {HTMLElement | null} */ (field.closest("[tabindex]"))?.focus({ preventScroll: true });
}

/**
 * Fills the help sheet with the commands a page has, before what stands in it.
 * @param {HTMLElement} sheet the .keys of the dialog
 * @param {Commands} commands
 */
export function fillHelp(sheet, commands) {
  const rows = ROWS.filter(({ keys }) => Object.values(keys).some((id) => commands[id]));
  const sections = [...new Set(rows.map(({ group }) => group))].map((group) => {
    const section = document.createElement("section");
    const list = document.createElement("dl");
    for (const row of rows) if (row.group === group) list.append(entry(row));
    const head = document.createElement("h3");
    head.textContent = group;
    section.append(head, list);
    return section;
  });
  sheet.prepend(...sections);
  const toggle = /** @type {HTMLInputElement | null} */ (sheet.querySelector("input[name=single-keys]"));
  if (!toggle) return;
  toggle.checked = localStorage.getItem(STORED) !== "off";
  toggle.addEventListener("change", () => localStorage.setItem(STORED, toggle.checked ? "on" : "off"));
}

/** @param {Row} row */
function entry({ label, keys, shown }) {
  const div = document.createElement("div");
  const term = document.createElement("dt");
  term.textContent = label;
  const hints = document.createElement("dd");
  const words = (shown ?? Object.keys(keys).join(" / ")).replaceAll("+", " ").split(" ");
  for (const word of words) {
    const el = document.createElement(word === "to" || word === "/" ? "span" : "kbd");
    el.textContent = NAMES[word] ?? word;
    hints.append(el);
  }
  div.append(term, hints);
  return div;
}
