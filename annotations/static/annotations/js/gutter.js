/**
 * The numbers beside the lines: one link a mark, next to its first line; those of one line stand in a stack.
 * A bracket joins the numbers of marks on the same words; on a phone, which has no numbers, they are counted.
 */

/** @typedef {import("./measure.js").Spot} Spot */

const STEP = 14; // px from one number to the next in a stack
const SAME_LINE = 8;
const ALIKE = 3; // code points by which marks may differ and still look the same in the text

/**
 * Sets the links; called when the marks change. The list is the accessible twin, the gutter is not.
 * @param {HTMLElement} box with data-icons, the address of the sprite
 * @param {import("./paint.js").Mark[]} marks
 * @param {(mark: import("./paint.js").Mark) => string} address
 */
export function fillGutter(box, marks, address) {
  const icons = box.dataset.icons;
  box.replaceChildren(
    ...grouped(marks).flatMap((group) =>
      group.map((mark, i) => {
        const link = document.createElement("a");
        link.href = address(mark);
        link.tabIndex = -1;
        link.dataset.id = mark.id;
        link.dataset.n = String(mark.n);
        link.classList.toggle("on", Boolean(mark.on));
        link.classList.toggle("same", group.length > 1);
        if (i === 0 && group.length > 1) link.dataset.same = String(group.length);
        const number = document.createElement("span");
        number.textContent = String(mark.n);
        link.append(number);
        if (icons && mark.line !== "plain" && mark.line !== "aside") link.prepend(glyph(icons, mark.line));
        return link;
      }),
    ),
  );
}

/**
 * The marks, those together whose lines in the text could not be told apart by where they begin and end.
 * @param {import("./paint.js").Mark[]} marks in the order of the text
 */
function grouped(marks) {
  /** @type {import("./paint.js").Mark[][]} */
  const groups = [];
  for (const mark of marks) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (last && Math.abs(mark.start - last.start) + Math.abs(mark.end - last.end) <= ALIKE) group?.push(mark);
    else groups.push([mark]);
  }
  return groups;
}

/**
 * A rating's glyph out of the sprite.
 * @param {string} icons
 * @param {string} line
 */
function glyph(icons, line) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", `g r-${line}`);
  use.setAttribute("href", `${icons}#r-${line}`);
  svg.append(use);
  return svg;
}

/**
 * Sets every link beside its line; called after a layout.
 * @param {HTMLElement} box
 * @param {Spot[]} spots in the order of the lines, measured from the element the box is placed in
 */
export function placeGutter(box, spots) {
  const links = new Map(
    Array.from(box.children, (el) => [
      /** @type {HTMLElement} */ (el).dataset.id,
      /** @type {HTMLElement} */ (el),
    ]),
  );
  let floor = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < spots.length; ) {
    const middle = mid(spots[i]);
    let next = i;
    while (next < spots.length && mid(spots[next]) - middle < SAME_LINE) next++;
    const stack = spots.slice(i, next).sort((a, b) => a.mark.n - b.mark.n);
    let y = Math.round(middle) - 8 - ((stack.length - 1) * STEP) / 2;
    for (const { mark } of stack) {
      y = Math.max(y, floor);
      const link = links.get(mark.id);
      if (link) link.style.insetBlockStart = `${y}px`;
      floor = y += STEP;
    }
    i = next;
  }
}

/** @param {Spot | undefined} spot */
const mid = (spot) => (spot ? spot.top + spot.line.height / 2 : 0);
