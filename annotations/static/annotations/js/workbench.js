/** The reviewer's page: text, list and panel kept together, and the commands behind the keys. */
import "./dialog.js";
import "./evidence.js";
import "./requests.js";
import "./theme.js";
import { openDialog } from "./dialog.js";
import { keepDrafts } from "./drafts.js";
import { fillGutter, placeGutter } from "./gutter.js";
import { fillHelp, listen } from "./keys.js";
import { measure, onLayout } from "./measure.js";
import { fillMinimap, placeMinimap } from "./minimap.js";
import { createPainter } from "./paint.js";
import { drawer, nextPane } from "./panes.js";
import { marksAt, neighbour, nextOf, pointUnder } from "./pick.js";
import { followSelection } from "./pop.js";
import { Reader } from "./reader.js";
import { reveal } from "./reveal.js";
import { rate } from "./scale.js";
import { ArticleText } from "./text.js";
import { toast } from "./toast.js";

/** @typedef {import("./paint.js").Mark & { claim: string }} Mark */
/** @typedef {{ ajax: (method: string, address: string, how: object) => Promise<void> }} Htmx */

/** @template {HTMLElement} T @param {string} selector @returns {T} */
const find = (selector) => /** @type {T} */ (document.querySelector(selector));
const panel = find("#panel");
const list = find("#list");
const scroller = find("#main");
const galley = find(".galley");
const gutter = find(".gutter");
const minimap = find(".minimap");
const pop = find(".pop");
const { dataset } = document.body;

const text = new ArticleText(document);
const painter = await createPainter(text, galley);
const reader = new Reader(text, (quote) => {
  find("#reading").textContent = quote;
});
/** @type {Mark[]} */
let marks = [];
/** @type {(() => void)[]} */
const undoable = [];

/* ---------- the open claim ---------- */

const openId = () => panel.querySelector("[data-claim]")?.getAttribute("data-claim") ?? "";
const rows = () => [.../** @type {NodeListOf<HTMLAnchorElement>} */ (list.querySelectorAll(".row"))];
/** @param {string} id */
const rowOf = (id) => rows().find((row) => row.dataset.claim === id);

/** @param {string} method @param {string} address @param {Record<string, unknown>} [values] */
function ask(method, address, values = {}) {
  const { htmx } = /** @type {any} */ (window);
  /** @type {Htmx} */ (htmx).ajax(method, address, { target: "#panel", swap: "innerHTML", values });
}

/** @param {string} id */
function openClaim(id) {
  const row = rowOf(id);
  if (row) row.click();
  else ask("GET", addressOf(id));
}

/** @param {string} id */
const addressOf = (id) => new URL(`../claims/${id}/`, new URL(dataset.list ?? "", location.href)).pathname;

/** Brings list, text and panel to the same claim, after any of them was swapped. */
function sync() {
  const id = openId();
  for (const row of rows())
    if (row.dataset.claim === id) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  const number = marks.find((mark) => mark.claim === id)?.n;
  const label = panel.querySelector("[data-claim-number]");
  if (label && number) label.textContent = String(number);
  panel.ariaLabel = number ? `Claim ${number}` : "Claim";
  const passage = find("[data-do=add-passage]");
  passage.hidden = !id;
  const words = passage.querySelector("span");
  if (words) words.textContent = `Add to claim ${number ?? ""}`;
  paint();
  const form = panel.querySelector("#mark");
  painter.select(form ? placeOf(form) : null);
}

/** @param {Element} form @returns {import("./text.js").Place} */
const placeOf = (form) => ({
  start: Number(form.getAttribute("data-start")),
  end: Number(form.getAttribute("data-stop")),
});

function readMarks() {
  marks = JSON.parse(document.getElementById("marks")?.textContent ?? "{}").marks ?? [];
}

function paint() {
  const id = openId();
  painter.paint(marks.map((mark) => ({ ...mark, on: mark.claim === id })));
  fillGutter(gutter, painter.marks, (mark) => addressOf(/** @type {Mark} */ (mark).claim));
  fillMinimap(minimap, painter.marks);
  place();
}

function place() {
  placeGutter(gutter, measure(painter.marks, galley));
  const article = find(".text");
  placeMinimap(minimap, scroller, article, measure(painter.marks, article));
}

function showOpen() {
  const mark = painter.marks.find(({ on }) => on);
  if (mark) reveal(mark.range, scroller, matchMedia("(max-width: 47.9375rem)").matches ? 0.1 : 0.36);
  rowOf(openId())?.scrollIntoView({ block: "nearest" });
}

/* ---------- marking ---------- */

function mark() {
  const taken = text.take(getSelection());
  if (!taken.place) {
    toast(taken.reason);
    return;
  }
  const { start, end } = taken.place;
  painter.select(taken.place);
  getSelection()?.removeAllRanges();
  ask("GET", `${dataset.marks}?start=${start}&end=${end}`);
}

function addPassage() {
  const taken = text.take(getSelection());
  const id = openId();
  if (!taken.place || !id) {
    toast(taken.place ? "Open a claim first, then add the words to it." : taken.reason);
    return;
  }
  ask("POST", `${addressOf(id)}passage/`, {
    ...taken.place,
    quote: taken.quote,
    revision: dataset.revision,
  });
  getSelection()?.removeAllRanges();
}

/** @param {string} words @param {() => void} back */
function offerUndo(words, back) {
  const once = () => {
    undoable.splice(undoable.indexOf(once), 1);
    back();
  };
  undoable.push(once);
  toast(words, { label: "Undo", run: once });
}

document.addEventListener("claim-marked", (event) => {
  const { claim } = /** @type {CustomEvent<{ claim: string }>} */ (event).detail;
  offerUndo("Claim marked", () => ask("POST", `${addressOf(claim)}unmark/`));
});
document.addEventListener("claim-removed", (event) => {
  const again = /** @type {CustomEvent<Record<string, unknown>>} */ (event).detail;
  offerUndo("Mark removed", () => ask("POST", dataset.marks ?? "", again));
});
document.addEventListener("verdict-submitted", () => toast("Verdict submitted"));
document.addEventListener("verdict-saved", () => toast("Draft saved"));
document.addEventListener("claims-changed", () => {
  const shown = list.querySelector(".tabs [aria-current]")?.getAttribute("href") ?? "";
  const { htmx } = /** @type {any} */ (window);
  htmx.ajax("GET", (dataset.list ?? "") + shown, { target: "#list", swap: "innerHTML" });
});

/* ---------- what is pressed ---------- */

/** @param {1 | -1} step */
function walk(step) {
  const all = rows();
  const at = all.findIndex((row) => row.ariaCurrent === "true");
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
  if (next) next.click();
}

function nextToJudge() {
  const all = rows();
  const at = all.findIndex((row) => row.ariaCurrent === "true");
  const next = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((row) => "toJudge" in row.dataset);
  if (next) next.click();
  else toast("Nothing is left to judge in this article.");
}

/** @param {1 | -1} step */
function nest(step) {
  const from = painter.marks.find(({ on }) => on);
  const next = from && neighbour(painter.marks, from, step);
  if (!next) return false;
  openClaim(/** @type {Mark & import("./paint.js").Painted} */ (next).claim);
  return true;
}

function closePanel() {
  const close = /** @type {HTMLElement | null} */ (panel.querySelector("[data-do=close-panel]"));
  if (!close) return false;
  ask("GET", close.getAttribute("href") ?? "");
  scroller.focus();
  return true;
}

const putAway = drawer(find(".wb-grid"), find(".list-btn"), list);

/** @type {import("./keys.js").Commands} */
const commands = {
  "next-claim": () => walk(1),
  "previous-claim": () => walk(-1),
  "next-to-judge": nextToJudge,
  "next-pane": () => nextPane(1),
  "previous-pane": () => nextPane(-1),
  desk: () => location.assign(dataset.desk ?? "/"),
  mark,
  "add-passage": addPassage,
  sentence: () => reader.step("sentence", 1),
  "sentence-back": () => reader.step("sentence", -1),
  word: () => reader.step("word", 1),
  "word-back": () => reader.step("word", -1),
  "start-out": () => reader.move("start", "word", -1),
  "start-in": () => reader.move("start", "word", 1),
  "end-out": () => reader.move("end", "word", 1),
  "end-in": () => reader.move("end", "word", -1),
  "end-right": () => reader.move("end", "grapheme", reader.forward(1)),
  "end-left": () => reader.move("end", "grapheme", reader.forward(-1)),
  "end-word-right": () => reader.move("end", "word", reader.forward(1)),
  "end-word-left": () => reader.move("end", "word", reader.forward(-1)),
  inner: () => nest(-1),
  outer: () => nest(1),
  rate: (event) => rate(Number(event.key)),
  rationale: () => focus("#rationale"),
  evidence: () => press("[data-adds-evidence]"),
  submit: () => press("[data-submits]"),
  undo: () => {
    const last = undoable.at(-1);
    last?.();
    return Boolean(last);
  },
  help: () => openDialog("keys"),
  close: () => {
    if (putAway() || closePanel()) return true;
    getSelection()?.removeAllRanges();
    return false;
  },
};

/** @param {string} selector */
function focus(selector) {
  const el = /** @type {HTMLElement | null} */ (panel.querySelector(selector));
  el?.focus();
  return Boolean(el);
}

/** @param {string} selector */
function press(selector) {
  const el = /** @type {HTMLElement | null} */ (panel.querySelector(selector));
  el?.click();
  return Boolean(el);
}

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-do]") : null;
  const command = commands[button?.getAttribute("data-do") ?? ""];
  if (button?.getAttribute("data-do") === "close-panel") {
    event.preventDefault();
    closePanel();
  } else if (command) command(/** @type {any} */ (event));
});

// A click on a mark opens its claim; another one on the same words the mark around it.
scroller.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !event.target.closest(".text")) return;
  if (!getSelection()?.isCollapsed) return;
  const next = nextOf(marksAt(painter.marks, pointUnder(text, event.clientX, event.clientY)));
  if (next) openClaim(/** @type {Mark & import("./paint.js").Painted} */ (next).claim);
});
gutter.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const found = marks.find((one) => one.id === link.dataset.id);
  if (found) openClaim(found.claim);
});
for (const [from, on] of /** @type {const} */ ([
  ["pointerover", true],
  ["focusin", true],
  ["pointerout", false],
  ["focusout", false],
]))
  list.addEventListener(from, ({ target }) => {
    const row = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(".row")) : null;
    if (row) painter.hover(on ? Number(row.dataset.n) : null);
  });

/* ---------- after a swap ---------- */

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } =
    /** @type {CustomEvent<{ ctx: { target: Element, sourceElement: Element, response?: { status: number } } }>} */ (
      event
    ).detail;
  if (ctx.target === list) {
    readMarks();
    sync();
  } else if (ctx.target === panel) {
    keepDrafts(panel);
    sync();
    showOpen();
    settleFocus(ctx.sourceElement, (ctx.response?.status ?? 200) >= 400);
  }
});

/**
 * Focus stays on a row that was pressed; a form that was refused takes it to the first field to mend,
 * a new form to its first field, and an answer to its heading.
 * @param {Element} source
 * @param {boolean} refused
 */
function settleFocus(source, refused) {
  if (source?.closest?.(".row") && source.isConnected) return;
  const target = refused
    ? panel.querySelector("[aria-invalid=true], .refused")
    : (panel.querySelector("#statement") ?? panel.querySelector("#panel-h"));
  if (!(target instanceof HTMLElement)) return;
  if (target.classList.contains("refused")) target.tabIndex = -1;
  target.focus();
  if (target instanceof HTMLTextAreaElement && target.id === "statement" && !refused) target.select();
}

readMarks();
keepDrafts();
sync();
showOpen();
onLayout(galley, place);
followSelection(pop, text);
listen(commands);
fillHelp(find("#keys .keys"), commands);
