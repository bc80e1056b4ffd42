/** The pages about an article's texts: marks under both, and what waits decided by keys or by mouse. */
import "./dialog.js";
import "./theme.js";
import { openDialog } from "./dialog.js";
import { fillGutter, placeGutter } from "./gutter.js";
import { fillHelp, listen } from "./keys.js";
import { measure, onLayout } from "./measure.js";
import { createPainter } from "./paint.js";
import { nextPane } from "./panes.js";
import { followSelection } from "./pop.js";
import { Reader, selecting } from "./reader.js";
import { reveal } from "./reveal.js";
import { ArticleText } from "./text.js";
import { toast } from "./toast.js";

/** @param {string} selector @returns {HTMLElement | null} */
const find = (selector) => document.querySelector(selector);
const host = find(".galley") ?? find("#difference") ?? document.body;
const gutter = find(".gutter");
const pop = find(".pop");
const pick = /** @type {HTMLFormElement | null} */ (find("#pick"));
const items = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".res[id]")]);
const text = new ArticleText(document);
const painter = await createPainter(text, host);

/* ---------- the marks that wait ---------- */

const current = () => items.find((one) => one.ariaCurrent === "true");

/** @param {HTMLElement | undefined} item @param {boolean} [focus] */
function open(item, focus = true) {
  if (!item) return;
  for (const one of items) one.ariaCurrent = one === item ? "true" : null;
  painter.open(Number(item.dataset.n));
  if (focus) /** @type {HTMLElement} */ (item.querySelector("h2 a") ?? item).focus();
}

/** @param {1 | -1} step */
const walk = (step) => {
  const at = items.findIndex((one) => one.ariaCurrent === "true");
  open(items[Math.min(items.length - 1, Math.max(0, at + step))]);
};

/** Presses what the open mark offers; false where it does not. @param {string} key */
function press(key) {
  const button = /** @type {HTMLElement | undefined | null} */ (
    current()?.querySelector(`[data-key="${key}"]`)
  );
  button?.click();
  return Boolean(button);
}

/* ---------- a place selected by hand ---------- */

function put() {
  const { place, quote, reason } = text.take(getSelection());
  if (!place || !pick) {
    toast(reason);
    return;
  }
  const fields = /** @type {Record<string, HTMLInputElement>} */ (Object(pick.elements));
  if (fields.places) fields.places.value = `${place.start}-${place.end}`;
  if (fields.quote) fields.quote.value = quote;
  pick.requestSubmit();
}

const reader = new Reader(text, (quote) => {
  const reading = find("#reading");
  if (reading) reading.textContent = quote;
});

/** @type {import("./keys.js").Commands} */
const deciding = {
  "next-claim": () => walk(1),
  "previous-claim": () => walk(-1),
  "accept-place": () => press("accept"),
  "ask-again": () => press("ask"),
  "let-go": () => press("let-go"),
  "by-hand": () => press("by-hand"),
};

const goesOn = find("[data-submits]");

/** @type {import("./keys.js").Commands} */
const commands = {
  ...(pick ? { mark: put, ...selecting(reader) } : items.length ? deciding : {}),
  "next-pane": () => nextPane(1),
  "previous-pane": () => nextPane(-1),
  desk: () => location.assign(document.body.dataset.desk ?? "/"),
  ...(goesOn ? { "go-on": () => goesOn.click() } : {}),
  help: () => openDialog("keys"),
};

/* ---------- what is shown ---------- */

painter.paint(JSON.parse(document.getElementById("marks")?.textContent ?? "{}").marks ?? []);
open(items.find(({ id }) => `#${id}` === location.hash) ?? items[0], location.hash.startsWith("#mark-"));
for (const item of items) item.addEventListener("click", () => open(item, false));
if (gutter) {
  fillGutter(gutter, painter.marks, ({ n }) => find(`.row[data-n="${n}"]`)?.getAttribute("href") ?? "#main");
  onLayout(host, () => placeGutter(gutter, measure(painter.marks, host)));
}
if (pick && pop) {
  const near = Number(pick.dataset.near);
  const range = text.rangeOf({ start: near, end: near + 1 });
  if (range) reveal(range, find("#difference") ?? undefined);
  followSelection(pop, text);
  pop.querySelector("button")?.addEventListener("click", put);
}
listen(commands);
const sheet = find("#keys .keys");
if (sheet) fillHelp(sheet, commands);
