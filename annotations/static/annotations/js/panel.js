/** The panel: which claim is open in it, how another one is opened, and where focus goes after a swap. */
import { rowOf, showCurrent } from "./list.js";
import { ask } from "./requests.js";

export const panel = /** @type {HTMLElement} */ (document.querySelector("#panel"));

/** The claim asked for while its answer is on the way: keys that follow start from it. */
let wanted = "";
/** @type {"stay" | "head"} whether focus goes to the panel's head although it was elsewhere */
let goal = "stay";
let wasInside = false;

export const shownId = () => panel.querySelector("[data-claim]")?.getAttribute("data-claim") ?? "";
export const openId = () => wanted || shownId();

/** @param {string} claim */
export const addressOf = (claim) => `${document.body.dataset.bench}claims/${claim}/`;

/**
 * Opens a claim, and shows at once which one.
 * @param {string} claim
 * @param {"stay" | "head"} [focus]
 */
export function openClaim(claim, focus = "stay") {
  wanted = claim;
  goal = focus;
  showCurrent(claim);
  document.body.classList.remove("folded");
  return ask("GET", addressOf(claim), panel, {}, { push: "true" });
}

/** Empties the panel; false when nothing is open in it. */
export function closePanel() {
  if (panel.querySelector(".nothing")) return false;
  wanted = "";
  goal = "stay";
  ask("GET", document.body.dataset.bench ?? "", panel, {}, { push: "true" });
  return true;
}

/** An answer has come, with this claim; or none, and what was asked for is given up. @param {string} [claim] */
export function arrived(claim = wanted) {
  if (wanted === claim) wanted = "";
}

/** On a phone: only the panel's head, or all of it. */
export function fold() {
  const folded = document.body.classList.toggle("folded");
  const grip = panel.querySelector(".grip");
  grip?.setAttribute("aria-expanded", String(!folded));
  grip?.setAttribute("aria-label", folded ? "Unfold the panel" : "Fold the panel away");
}

/** Called before a swap of the panel. */
export function remember() {
  wasInside = panel.contains(document.activeElement);
}

/**
 * A refused form takes focus to the first field to mend, a new form to its first field; otherwise focus
 * stays where it was, and goes to the panel's head when the place it was in is gone.
 * @param {boolean} refused
 */
export function settleFocus(refused) {
  const statement = /** @type {HTMLTextAreaElement | null} */ (panel.querySelector("#statement"));
  const first = /** @type {HTMLElement | null} */ (panel.querySelector("[autofocus]"));
  const row = goal === "stay" && document.activeElement?.closest(".row");
  const { activeElement: at, body } = document;
  const lost = goal === "head" || at === body || (wasInside && panel.contains(at));
  if (!wanted) goal = "stay";
  if (refused) return fieldToMend()?.focus();
  if (statement) {
    statement.focus();
    statement.select();
  } else if (first) first.focus();
  else if (row) rowOf(shownId())?.focus({ preventScroll: true });
  else if (lost) /** @type {HTMLElement | null} */ (panel.querySelector("#panel-h"))?.focus();
}

/** @returns {HTMLElement | null} the field whose sentence comes first, or the sentence itself */
function fieldToMend() {
  const sentence = /** @type {HTMLElement | null} */ (panel.querySelector(".refused"));
  if (!sentence) return panel.querySelector("#panel-h");
  const field = sentence.id ? panel.querySelector(`[aria-describedby~="${CSS.escape(sentence.id)}"]`) : null;
  const control = field?.matches("fieldset")
    ? (field.querySelector("input:checked") ?? field.querySelector("input"))
    : field;
  if (control instanceof HTMLElement) return control;
  sentence.tabIndex = -1;
  return sentence;
}
