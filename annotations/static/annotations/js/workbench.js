/** The reviewer's page: text, list and panel kept together, and the commands behind the keys. */
import "./autosave.js";
import "./count.js";
import "./dialog.js";
import "./evidence.js";
import "./take.js";
import "./lease.js";
import "./theme.js";
import { openDialog } from "./dialog.js";
import { keepDrafts } from "./drafts.js";
import { fillGutter, placeGutter } from "./gutter.js";
import { fillHelp, listen } from "./keys.js";
import * as list from "./list.js";
import { addPassage, mark, undo } from "./marking.js";
import { measure, onLayout } from "./measure.js";
import { fillMinimap, frameOf, placeMinimap } from "./minimap.js";
import { Moving } from "./moving.js";
import { createPainter } from "./paint.js";
import * as panel from "./panel.js";
import { drawer, nextPane } from "./panes.js";
import { marksAt, neighbour, nextOf, pointUnder } from "./pick.js";
import { followSelection } from "./pop.js";
import { Reader, selecting } from "./reader.js";
import { keepForms } from "./refusals.js";
import { ask, contextOf, isAnswer } from "./requests.js";
import { reveal } from "./reveal.js";
import { rate } from "./scale.js";
import { ArticleText } from "./text.js";
import { toast } from "./toast.js";
import { joinTwins } from "./twins.js";

/** @typedef {import("./paint.js").Mark & { claim: string, judge: boolean }} Mark */

/** @param {string} selector @returns {HTMLElement} */
const find = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));
const scroller = find("#main");
const galley = find(".galley");
const article = find(".text");
const gutter = find(".gutter");
const minimap = find(".minimap");

const text = new ArticleText(document);
const painter = await createPainter(text, galley);
const reader = new Reader(text, (quote) => {
  find("#reading").textContent = quote;
});
const moving = new Moving(reader, painter, { pop: find(".pop"), galley, scroller });
/** @type {Mark[]} */
let marks = [];

/** @param {unknown} painted one of the marks, as the painter has it */
const claimOf = (painted) => /** @type {Mark} */ (painted).claim;

/* ---------- what is shown ---------- */

/** Takes up the marks that came with the list. */
function readMarks() {
  marks = JSON.parse(document.getElementById("marks")?.textContent ?? "{}").marks ?? [];
  painter.paint(marks);
  const seen = look(); // before there are twins to lay out: thousands of marks are laid out once
  fillGutter(gutter, painter.marks, (one) => panel.addressOf(claimOf(one)));
  fillMinimap(minimap, painter.marks);
  place(seen);
}

/** Brings list, text and panel to the same claim, after any of them was swapped. */
function sync() {
  const claim = panel.openId();
  const number = marks.find((one) => one.claim === claim)?.n ?? list.rowOf(claim)?.dataset.n;
  list.showCurrent(claim);
  painter.open(number ? Number(number) : null);
  const open = new Set(painter.marks.flatMap((one) => (one.on ? [one.id] : [])));
  for (const twin of [...gutter.children, ...minimap.children])
    twin.classList.toggle("on", open.has(twin.getAttribute("data-id") ?? ""));
  const label = panel.panel.querySelector("[data-claim-number]");
  if (label && number) label.textContent = String(number);
  panel.panel.ariaLabel = panel.panel.querySelector("#panel-h")?.textContent ?? "Claim";
  const passage = find("[data-do=add-passage]");
  passage.hidden = !claim;
  find("[data-do=add-passage] span").textContent = `Add to claim ${number ?? ""}`;
  painter.select(placeToMark());
  moving.follow();
}

/** Where the marks lie: everything is read before anything is placed. */
function look() {
  const lead = article.getBoundingClientRect().top - galley.getBoundingClientRect().top;
  return { lead, spots: measure(painter.marks, galley), frame: frameOf(minimap, scroller, article) };
}

function place({ lead, spots, frame } = look()) {
  placeGutter(gutter, spots);
  const ofText = spots.map((spot) => ({ ...spot, top: spot.top - lead, bottom: spot.bottom - lead }));
  placeMinimap(minimap, scroller, article, ofText, frame);
  moving.follow();
}

/** The words that the form for a new claim is about. @returns {import("./text.js").Place | null} */
function placeToMark() {
  const form = /** @type {HTMLElement | null} */ (panel.panel.querySelector("#mark"));
  return form && { start: Number(form.dataset.start), end: Number(form.dataset.stop) };
}

function showOpen() {
  const toMark = placeToMark();
  const range = toMark ? text.rangeOf(toMark) : painter.marks.find(({ on }) => on)?.range;
  if (range) reveal(range, scroller);
}

/* ---------- commands ---------- */

/** @param {1 | -1} step */
function walk(step) {
  const row = list.rowBeside(panel.openId(), step);
  if (row) panel.openClaim(row.dataset.claim);
}

function nextToJudge() {
  const at = marks.findIndex(({ claim }) => claim === panel.openId());
  const here = marks[at]?.claim;
  const next = [...marks.slice(at + 1), ...marks.slice(0, at + 1)].find(
    ({ claim, judge }) => judge && claim !== here,
  );
  if (next) panel.openClaim(next.claim);
  else
    toast("Nothing else is left to judge in this article.", {
      label: "Take from the queue",
      run: () => /** @type {HTMLFormElement} */ (find("#take-next")).requestSubmit(),
    });
}

/** @param {1 | -1} step */
function nest(step) {
  const from = painter.marks.find(({ on }) => on);
  const next = from && neighbour(painter.marks, from, step);
  if (next) panel.openClaim(claimOf(next));
  return Boolean(next);
}

/** Steps back: the list over a narrow page, then the selected words, then the panel. */
function close() {
  if (putAway()) return true;
  if (text.take(getSelection()).place) {
    getSelection()?.removeAllRanges();
    return true;
  }
  return shut();
}

function shut() {
  if (!panel.closePanel()) return false;
  scroller.focus({ preventScroll: true });
  return true;
}

/** To the next pane, and in it to what is open. @param {1 | -1} step */
function goRound(step) {
  nextPane(step);
  const { id } = document.activeElement ?? {};
  if (id === "list") (list.rowOf(panel.openId()) ?? list.rows()[0])?.focus();
  else if (id === "panel") use("#panel-h", "focus");
}

/** @param {string} selector @param {"focus" | "click"} how */
function use(selector, how) {
  const el = /** @type {HTMLElement | null} */ (panel.panel.querySelector(selector));
  el?.[how]();
  return Boolean(el);
}

const putAway = drawer(find(".wb-grid"), find(".list-btn"), find("#list"));

/** @type {import("./keys.js").Commands} */
const commands = {
  "next-claim": () => walk(1),
  "previous-claim": () => walk(-1),
  "next-to-judge": nextToJudge,
  "next-pane": () => goRound(1),
  "previous-pane": () => goRound(-1),
  desk: () => location.assign(document.body.dataset.desk ?? "/"),
  mark: () => mark(text),
  "add-passage": () => addPassage(text),
  "use-words": () => moving.use(),
  "keep-words": () => moving.keep(),
  ...selecting(reader),
  inner: () => nest(-1),
  outer: () => nest(1),
  rate: (event) => rate(Number(event.key)),
  rationale: () => use("#rationale", "focus"),
  evidence: () => use("[data-adds-evidence]", "click"),
  submit: () => use("[data-submits]", "click"),
  skip: () => use("[data-skips]", "click"),
  undo,
  help: () => openDialog("keys"),
  close,
};

/* ---------- what is pressed ---------- */

/** Buttons that do what a key does. @type {Record<string, () => unknown>} */
const pressed = {
  "close-panel": shut,
  "fold-panel": panel.fold,
  "next-claim": () => walk(1),
  "previous-claim": () => walk(-1),
  "next-to-judge": nextToJudge,
  mark: () => mark(text),
  "add-passage": () => addPassage(text),
  "use-words": () => moving.use(),
  "keep-words": () => moving.use(),
  "leave-words": () => moving.leave(),
};

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey) return;
  const does = pressed[event.target.closest("[data-do]")?.getAttribute("data-do") ?? ""];
  const twin = event.target.closest(".row, .gutter a");
  if (does) {
    event.preventDefault();
    does();
  } else if (twin) {
    event.preventDefault();
    const claim =
      twin.getAttribute("data-claim") ??
      marks.find(({ n }) => n === Number(twin.getAttribute("data-n")))?.claim;
    // Opened by a key, or out of the list that lies over the page: focus follows into the panel.
    const follows = twin.matches(".row") && (event.detail === 0 || find(".list-btn").checkVisibility());
    if (claim) panel.openClaim(claim, follows ? "head" : "stay");
  }
});

// A click on a mark opens its claim; another one on the same words the mark around it.
article.addEventListener("click", (event) => {
  if (!getSelection()?.isCollapsed) return;
  const next = nextOf(marksAt(painter.marks, pointUnder(text, event.clientX, event.clientY)));
  if (next) panel.openClaim(claimOf(next));
});

/* ---------- before and after a swap ---------- */

/** @param {Element} target all of the panel, or a sentence set into it */
const isPanel = (target) => target === panel.panel || target.classList.contains("panel-body");

document.addEventListener("htmx:before:swap", (event) => {
  const { target } = contextOf(event);
  if (target.id === "list") list.remember();
  else if (isPanel(target)) panel.remember();
});

document.addEventListener("htmx:after:swap", (event) => {
  if (!isAnswer(event)) return;
  const { target, response } = contextOf(event);
  const refused = (response?.status ?? 200) >= 400;
  if (target.id === "list") {
    readMarks();
    sync();
    list.restore();
  } else if (isPanel(target)) {
    panel.arrived(panel.shownId());
    if (target === panel.panel) keepDrafts(target, refused);
    sync();
    if (!refused) showOpen();
    panel.settleFocus(refused);
    if (response?.status === 404) list.refresh();
  }
});

// What was asked for did not come: the claim that is still open is shown as such.
document.addEventListener("htmx:finally:request", (event) => {
  const { target, response } = contextOf(event);
  if (target !== panel.panel || (response && response.status < 400)) return;
  panel.arrived();
  sync();
});

document.addEventListener("claims-changed", () => list.refresh());

// The way back and forth through the claims that were open: the panel alone is fetched anew.
document.addEventListener("htmx:before:history:restore", (event) => {
  event.preventDefault();
  ask("GET", location.pathname, panel.panel);
});

readMarks();
keepDrafts();
keepForms(panel.panel);
sync();
showOpen();
onLayout(galley, () => place());
followSelection(find(".pop"), text, () => moving.changed());
joinTwins(text, painter, { article, gutter, list: find("#list") });
listen(commands);
fillHelp(find("#keys .keys"), commands);
