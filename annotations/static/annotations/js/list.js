/** The list of claims: its rows, and what must outlive a swap of it (focus, place, the open legend). */
import { ask } from "./requests.js";

/** @typedef {HTMLAnchorElement & { dataset: { claim: string, n: string } }} Row */

const list = /** @type {HTMLElement} */ (document.querySelector("#list"));

export const rows = () => /** @type {Row[]} */ ([...list.querySelectorAll(".row")]);

/** @param {string} claim */
export const rowOf = (claim) =>
  /** @type {Row | null} */ (claim ? list.querySelector(`.row[data-claim="${CSS.escape(claim)}"]`) : null);

/** Marks the row of the open claim as the current one, and brings it into view. @param {string} claim */
export function showCurrent(claim) {
  const row = rowOf(claim);
  for (const other of list.querySelectorAll(".row[aria-current]"))
    if (other !== row) other.removeAttribute("aria-current");
  if (!row || row.ariaCurrent === "true") return;
  row.setAttribute("aria-current", "true");
  row.scrollIntoView({ block: "nearest" });
}

/** The row a step away from the open claim, or the first (last) one. @param {string} claim @param {1 | -1} step */
export function rowBeside(claim, step) {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.claim === claim);
  return at < 0 ? all.at(step > 0 ? 0 : -1) : all[at + step];
}

/** Fetches the list anew. @param {string} [show] the tab; the one shown now if there is none given */
export function refresh(
  show = list.querySelector(".tabs [aria-current]")?.getAttribute("data-show") ?? "all",
) {
  return ask("GET", `${document.body.dataset.bench}list/?show=${show}`, list);
}

list.addEventListener("click", (event) => {
  const tab = event.target instanceof Element ? event.target.closest("[data-show]") : null;
  if (!tab || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  refresh(tab.getAttribute("data-show") ?? "all");
});

/** @type {() => void} */
let putBack = () => {};

/** Called before a swap of the list. */
export function remember() {
  const within = list.contains(document.activeElement) ? document.activeElement : null;
  const claim = within?.closest(".row")?.getAttribute("data-claim") ?? "";
  const top = list.querySelector(".rows")?.scrollTop ?? 0;
  const unfolded = list.querySelector("details")?.open ?? false;
  putBack = () => {
    const fold = list.querySelector("details");
    if (fold) fold.open = unfolded;
    const scroller = list.querySelector(".rows");
    if (scroller) scroller.scrollTop = top;
    // Focus that was in the list goes back there, unless the person has moved on meanwhile.
    if (!within || document.activeElement !== document.body) return;
    const target = rowOf(claim) ?? list.querySelector(".tabs [aria-current]");
    /** @type {HTMLElement | null} */ (target)?.focus({ preventScroll: true });
  };
}

/** Called after it. */
export const restore = () => putBack();
