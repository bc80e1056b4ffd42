/**
 * What was typed survives a refused submission, an expired session and a closed tab.
 *
 * A form with data-draft="key" is kept in localStorage as it is typed in. It is forgotten when the
 * server answers with an element that carries data-draft-done="key", in a page or in a fragment.
 * The key names the person, so that two accounts on one machine do not read each other.
 */

/** @typedef {Record<string, string[]>} Values */
/**
 * base: what the server had shown before anything was typed; tab: in which tab that was
 * @typedef {{ at: number, base: string, tab: string, values: Values }} Draft
 */

const TAB = tabName();
const PREFIX = "draft:";
const OTHER = ":other"; // what another tab typed before this one did
const KEPT_FOR = 30 * 24 * 3600 * 1000;
const LEFT_OUT = ["hidden", "password", "file", "submit", "button"];

/** @param {HTMLFormElement} form @returns {(HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[]} */
const fields = (form) =>
  [.../** @type {Iterable<any>} */ (form.elements)].filter(
    ({ name, type }) => name && type && !LEFT_OUT.includes(type),
  );

/** @param {any} field */
const isChoice = (field) => field.type === "radio" || field.type === "checkbox";

/** @param {HTMLFormElement} form */
function read(form) {
  /** @type {Values} */
  const values = {};
  for (const field of fields(form)) {
    values[field.name] ??= [];
    if (!isChoice(field) || /** @type {HTMLInputElement} */ (field).checked)
      values[field.name]?.push(field.value);
  }
  return values;
}

/** @param {HTMLFormElement} form @param {Values} values */
function write(form, values) {
  /** @type {Record<string, number>} */
  const used = {};
  for (const field of fields(form)) {
    const known = values[field.name];
    if (!known) continue;
    if (isChoice(field)) {
      /** @type {HTMLInputElement} */ (field).checked = known.includes(field.value);
    } else {
      const nth = used[field.name] ?? 0;
      used[field.name] = nth + 1;
      field.value = known[nth] ?? field.value;
    }
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

/** @param {string} key @returns {Draft | null} */
function load(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(PREFIX + key) ?? "null");
    return draft && Date.now() - draft.at < KEPT_FOR ? draft : null;
  } catch {
    return null;
  }
}

/** @type {WeakMap<HTMLFormElement, string>} what the server had shown in each form that is kept */
const bases = new WeakMap();
/** @type {Map<HTMLFormElement, number>} forms typed in and not stored yet, with their timers */
const pending = new Map();

document.addEventListener("input", ({ target }) => {
  const form = /** @type {HTMLInputElement} */ (target).form;
  if (!form || !bases.has(form)) return;
  clearTimeout(pending.get(form));
  pending.set(form, setTimeout(keep, 300, form));
});
document.addEventListener("submit", ({ target }) => {
  if (bases.has(/** @type {HTMLFormElement} */ (target))) keep(/** @type {HTMLFormElement} */ (target));
});
// Nothing may be lost between the last key and the end of the page.
addEventListener("pagehide", () => {
  for (const form of pending.keys()) keep(form);
});

/** @param {HTMLFormElement} form */
function settle(form) {
  clearTimeout(pending.get(form));
  pending.delete(form);
}

/** @param {HTMLFormElement} form */
function keep(form) {
  settle(form);
  const key = form.dataset.draft ?? "";
  const draft = { at: Date.now(), base: bases.get(form), tab: TAB, values: read(form) };
  try {
    const known = load(key);
    if (known && known.tab !== TAB) localStorage.setItem(PREFIX + key + OTHER, JSON.stringify(known));
    localStorage.setItem(PREFIX + key, JSON.stringify(draft));
    for (const el of statesOf(key)) tell(el, "Kept on this device", draft.at);
  } catch {
    say(key, "Not kept: this browser stores nothing for the site.");
  }
}

/** What another tab has typed into the same form stays: the server has not got that. @param {string} key */
export function forget(key) {
  for (const form of pending.keys()) if (form.dataset.draft === key) settle(form);
  if (load(key)?.tab !== TAB) return;
  const other = localStorage.getItem(PREFIX + key + OTHER);
  localStorage.removeItem(PREFIX + key + OTHER);
  if (other) localStorage.setItem(PREFIX + key, other);
  else localStorage.removeItem(PREFIX + key);
}

/** The server has the words of the form as they are. @param {HTMLFormElement} form @param {number} at */
export function savedByServer(form, at) {
  const key = form.dataset.draft ?? "";
  bases.set(form, JSON.stringify(read(form)));
  forget(key);
  for (const el of statesOf(key)) tell(el, "Saved", at);
}

/** A name for this tab that outlives a reload. */
function tabName() {
  try {
    const name = sessionStorage.getItem("tab") ?? Math.random().toString(36).slice(2);
    sessionStorage.setItem("tab", name);
    return name;
  } catch {
    return "";
  }
}

/**
 * Says where the words are; an element with data-draft-state="key" shows it, and one with
 * data-draft-offer="key", if there is one, offers the way back.
 * @param {string} key
 * @param {string} words
 * @param {() => void} [back] offered as a button
 */
export function say(key, words, back) {
  const offers = back ? document.querySelectorAll(`[data-draft-offer="${CSS.escape(key)}"]`) : [];
  for (const el of offers.length ? offers : statesOf(key)) {
    el.replaceChildren(words);
    if (!back) continue;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn", textContent: "Put it back", onclick: back });
    el.append(" ", button);
  }
}

/** @param {string} key */
const statesOf = (key) => document.querySelectorAll(`[data-draft-state="${CSS.escape(key)}"]`);

/** Where the words are and since when; a narrow page shows the time alone. @param {Element} el @param {string} where @param {number} at */
function tell(el, where, at) {
  const words = Object.assign(document.createElement("span"), { className: "where", textContent: where });
  el.replaceChildren(words, ` ${clock(at)}`);
}

/** @param {number} at */
const clock = (at) =>
  new Date(at).toLocaleTimeString(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });

/**
 * Starts keeping the forms of a page or a fragment, and puts back what was typed into them before.
 * @param {ParentNode} [root]
 * @param {boolean} [refused] the forms came back as they were sent, for something to be mended
 */
export function keepDrafts(root = document, refused = false) {
  for (const el of root.querySelectorAll("[data-draft-done]"))
    forget(el.getAttribute("data-draft-done") ?? "");
  // The server's clock may be in another zone.
  for (const el of root.querySelectorAll("[data-draft-state][data-at]"))
    tell(el, "Saved", Date.parse(el.getAttribute("data-at") ?? ""));
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (root.querySelectorAll("form[data-draft]"))) {
    const key = form.dataset.draft ?? "";
    const shown = JSON.stringify(read(form));
    const draft = load(key);
    // A refused form comes back as it was typed: the server itself has still what it had before.
    const typed = draft && (refused || JSON.stringify(draft.values) === shown);
    bases.set(form, typed ? draft.base : shown);
    if (draft && !typed) restore(key, form, draft, shown);
  }
}

/** @param {string} key @param {HTMLFormElement} form @param {Draft} draft @param {string} shown */
function restore(key, form, draft, shown) {
  const back = () => {
    for (const offer of document.querySelectorAll(`[data-draft-offer="${CSS.escape(key)}"]`))
      offer.replaceChildren();
    // Rows added by hand are not in the page yet: it is asked to add them first.
    form.dispatchEvent(new CustomEvent("draft:restore", { bubbles: true, detail: draft.values }));
    write(form, draft.values);
    localStorage.setItem(PREFIX + key, JSON.stringify({ ...draft, tab: TAB })); // ours from now on
    say(key, `What you typed at ${clock(draft.at)} is back.`);
  };
  // The server has not moved on since: the words are simply put back. Else the person decides.
  if (draft.base === shown) back();
  else say(key, `You typed something else here at ${clock(draft.at)}.`, back);
}
