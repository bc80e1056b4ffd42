/** From selected words to a claim, and back: what was marked or removed can be undone, and that again. */
import { addressOf, openId, panel } from "./panel.js";
import { ask } from "./requests.js";
import { toast } from "./toast.js";

/** @typedef {import("./text.js").ArticleText} ArticleText */

const { dataset } = document.body;
/** @type {(() => void)[]} */
const undoable = [];

/** Opens the form for a new claim on the selected words. @param {ArticleText} text */
export function mark(text) {
  const taken = text.take(getSelection());
  if (!taken.place) {
    toast(taken.reason);
    return;
  }
  const { start, end } = taken.place;
  getSelection()?.removeAllRanges();
  document.body.classList.remove("folded");
  ask("GET", `${dataset.bench}marks/?start=${start}&end=${end}`, panel);
}

/** The selected words become a further place of the open claim. @param {ArticleText} text */
export function addPassage(text) {
  const taken = text.take(getSelection());
  const claim = openId();
  if (!taken.place || !claim) {
    toast(taken.place ? "Open a claim first, then add the words to it." : taken.reason);
    return;
  }
  const { place, quote } = taken;
  ask("POST", `${addressOf(claim)}passage/`, panel, { ...place, quote, revision: dataset.revision });
  getSelection()?.removeAllRanges();
}

/** Takes the last step back; false when there is none. */
export function undo() {
  const last = undoable.at(-1);
  last?.();
  return Boolean(last);
}

/** @param {string} words @param {() => void} back */
export function offerUndo(words, back) {
  const once = () => {
    undoable.splice(undoable.indexOf(once), 1);
    back();
  };
  undoable.push(once);
  toast(words, { label: "Undo", run: once });
}

document.addEventListener("claim-marked", () => {
  const claim = openId();
  offerUndo("Claim marked", () => ask("POST", `${addressOf(claim)}unmark/`, panel));
});
document.addEventListener("claim-removed", () => {
  const again = JSON.parse(panel.querySelector("#again")?.textContent ?? "{}");
  offerUndo("Mark removed", () => ask("POST", `${dataset.bench}marks/`, panel, again));
});
for (const [name, words] of Object.entries({
  "verdict-submitted": "Verdict submitted",
  "verdict-confirmed": "Your verdict stands",
  "draft-saved": "Draft saved",
  "draft-discarded": "Draft discarded",
  "passage-added": "Passage added",
  "claim-edited": "Claim saved",
}))
  document.addEventListener(name, () => toast(words));
