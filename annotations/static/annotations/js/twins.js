/** A mark and its twins: pointing at the words lights the row in the list, and pointing at a row the words. */
import { rowOf } from "./list.js";
import { marksAt, pointUnder } from "./pick.js";

/** @typedef {import("./paint.js").Painter} Painter */
/** @typedef {import("./text.js").ArticleText} ArticleText */

/**
 * @param {ArticleText} text
 * @param {Painter} painter
 * @param {{ article: HTMLElement, gutter: HTMLElement, list: HTMLElement }} parts
 */
export function joinTwins(text, painter, { article, gutter, list }) {
  let shown = 0;

  /** @param {number} n */
  const show = (n) => {
    if (n === shown) return;
    shown = n;
    painter.hover(n || null);
    const mark = painter.marks.find((one) => one.n === n);
    list.querySelector(".row.hover")?.classList.remove("hover");
    rowOf(/** @type {{ claim?: string } | undefined} */ (mark)?.claim ?? "")?.classList.add("hover");
    article.classList.toggle("pointing", Boolean(n));
  };

  let waiting = false;
  article.addEventListener("pointermove", ({ clientX, clientY, pointerType, buttons }) => {
    if (waiting || pointerType !== "mouse" || buttons) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      show(marksAt(painter.marks, pointUnder(text, clientX, clientY))[0]?.n ?? 0);
    });
  });
  article.addEventListener("pointerleave", () => show(0));

  for (const part of [list, gutter]) {
    /** @param {Event} event */
    const over = ({ target }) => {
      const twin = target instanceof Element ? target.closest("[data-n]") : null;
      if (twin) show(Number(twin.getAttribute("data-n")));
    };
    for (const name of ["pointerover", "focusin"]) part.addEventListener(name, over);
    for (const name of ["pointerout", "focusout"]) part.addEventListener(name, () => show(0));
  }
}
