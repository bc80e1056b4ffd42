/** The notes of a public article: on a wide page each stands beside its line, and no two overlap. */

/** @typedef {import("./measure.js").Spot} Spot */

const WIDE = "(min-width: 60.01rem)"; // below, notes follow their paragraph (public.css)

/** @param {ParentNode} root @returns {HTMLElement[]} */
const notesIn = (root) => [...root.querySelectorAll(/** @type {"div"} */ (".note[data-n]"))];

/**
 * Sets every note beside the first line of its mark; called after a layout.
 * @param {ParentNode} root
 * @param {Spot[]} spots
 */
export function placeNotes(root, spots) {
  const wide = matchMedia(WIDE).matches;
  const lines = new Map(spots.toReversed().map(({ mark, line }) => [mark.n, line.top]));
  let floor = Number.NEGATIVE_INFINITY;
  for (const box of root.querySelectorAll(".notes")) {
    box.classList.toggle("placed", wide);
    if (!wide) continue;
    const top = box.getBoundingClientRect().top;
    for (const note of notesIn(box)) {
      const y = Math.max((lines.get(Number(note.dataset.n)) ?? top) - 4, floor);
      note.style.insetBlockStart = `${Math.round(y - top)}px`;
      floor = y + note.offsetHeight;
    }
  }
}

/**
 * Pointing at a note, or moving focus into it, tints its passage.
 * @param {ParentNode} root
 * @param {import("./paint.js").Painter} painter
 */
export function joinTwins(root, painter) {
  for (const note of notesIn(root)) {
    /** @param {boolean} on */
    const tint = (on) => () => {
      painter.hover(on ? Number(note.dataset.n) : null);
      note.classList.toggle("on", on);
    };
    note.addEventListener("pointerenter", tint(true));
    note.addEventListener("focusin", tint(true));
    note.addEventListener("pointerleave", tint(false));
    note.addEventListener("focusout", tint(false));
  }
}
