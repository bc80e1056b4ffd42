/** The page on which a moderator rules: keys, what was typed, and how much the ruling rests on. */
import "./dialog.js";
import "./theme.js";
import { openDialog } from "./dialog.js";
import { keepDrafts } from "./drafts.js";
import { fillHelp, listen } from "./keys.js";
import { define, rate } from "./scale.js";

/** @param {string} selector @returns {HTMLElement | null} */
const find = (selector) => document.querySelector(selector);

/** @param {string} selector */
const press = (selector) => {
  const found = find(selector);
  found?.click();
  return Boolean(found);
};

/** Opens what is folded and goes to its first field. @param {string} selector */
function write(selector) {
  const part = find(selector);
  if (!part) return false;
  if (part instanceof HTMLDetailsElement) part.open = true;
  (part.matches("textarea") ? part : part.querySelector("textarea"))?.focus();
  return true;
}

/** @param {number} n @param {string} thing */
const counted = (n, thing) => `${n} ${thing}${n === 1 ? "" : "s"}`;

function tell() {
  const line = find("[data-rests]");
  const ticked = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[name=evidence]:checked")]);
  const sources = new Set(ticked.map((one) => one.dataset.source).filter(Boolean));
  if (line)
    line.textContent = `Rests on ${counted(ticked.length, "passage")} from ${counted(sources.size, "source")}`;
}

const form = /** @type {HTMLFormElement | null} */ (find("#ruling"));

/** @type {import("./keys.js").Commands} */
const ruling = {
  rate: (event) => rate(Number(event.key)),
  summary: () => write("#publish-summary"),
  publish: () => press("[data-publishes]"),
};

/** @type {import("./keys.js").Commands} */
const commands = {
  "next-claim": () => press("[data-beside=next]"),
  "previous-claim": () => press("[data-beside=previous]"),
  ...(form ? ruling : {}),
  "ask-reviewers": () => write("#ask-again"),
  comment: () => write("#comments > .talk:last-of-type"),
  desk: () => location.assign(document.body.dataset.desk ?? "/"),
  help: () => openDialog("keys"),
};

keepDrafts(document, Boolean(find("#ruling .refused, #p-page")));
document.addEventListener("change", tell);
tell();
if (form) define(form);
listen(commands);
const sheet = find("#keys .keys");
if (sheet) fillHelp(sheet, commands);
