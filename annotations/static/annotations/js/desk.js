/** The desk by keys: N takes the next claim, X skips what is in hand. */
import "./dialog.js";
import "./theme.js";
import { openDialog } from "./dialog.js";
import { fillHelp, listen } from "./keys.js";

/** @param {string} selector */
const press = (selector) => {
  // Of several in hand, the one that focus is in; else the first.
  const at = document.activeElement?.closest(".lent")?.querySelector(selector);
  const el = /** @type {HTMLElement | null} */ (at ?? document.querySelector(selector));
  el?.click();
  return Boolean(el);
};

/** @type {import("./keys.js").Commands} */
const commands = {
  "next-to-judge": () => press("[data-takes-next]"),
  skip: () => press("[data-skips]"),
  help: () => openDialog("keys"),
};

listen(commands);
const sheet = /** @type {HTMLElement | null} */ (document.querySelector("#keys .keys"));
if (sheet) fillHelp(sheet, commands);
