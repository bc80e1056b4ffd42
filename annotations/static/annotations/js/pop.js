/** The small bar over selected words: shown while they can be marked, above their first line. */

const ROOM = 80; // px above the bar that a sentence takes

/** @typedef {import("./text.js").ArticleText} ArticleText */
/** @typedef {import("./text.js").Taken} Taken */

/**
 * Shows and places the bar as the selection changes; on a phone it is fixed to the foot of the page.
 * @param {HTMLElement} pop role="toolbar", in a positioned element around the text
 * @param {ArticleText} text
 * @param {(taken: Taken) => void} [onChange]
 */
export function followSelection(pop, text, onChange = () => {}) {
  const length = pop.querySelector(".len");
  let pressing = false;

  const follow = () => {
    const selection = getSelection();
    const taken = text.take(selection);
    const shown = Boolean(taken.place) && !pressing;
    pop.hidden = !shown;
    document.body.classList.toggle("selecting", shown);
    onChange(taken);
    if (!taken.place || !shown) return;
    if (length) length.textContent = `${(taken.place.end - taken.place.start).toLocaleString()} characters`;
    place(pop, text.rangeOf(taken.place));
  };

  document.addEventListener("selectionchange", follow);
  // While the mouse draws the selection the bar would stand in its way.
  document.addEventListener("pointerdown", ({ target, pointerType }) => {
    pressing = pointerType === "mouse" && target instanceof Node && !pop.contains(target);
  });
  document.addEventListener("pointerup", () => {
    if (pressing) setTimeout(follow);
    pressing = false;
  });
  // A press on the bar must not clear the selection it is about.
  pop.addEventListener("pointerdown", (event) => event.preventDefault());
}

/** @param {HTMLElement} pop @param {Range | null} range */
function place(pop, range) {
  const host = pop.offsetParent?.getBoundingClientRect();
  const line = range?.getClientRects()[0];
  if (!host || !line) return;
  const rtl = getComputedStyle(pop).direction === "rtl";
  const inline = rtl ? host.right - line.right : line.left - host.left;
  const top = line.top - host.top - pop.offsetHeight - 8;
  pop.classList.toggle("at-top", top < ROOM);
  pop.style.insetBlockStart = `${top}px`;
  pop.style.insetInlineStart = `${Math.max(0, Math.min(inline, host.width - pop.offsetWidth - 8))}px`;
}
