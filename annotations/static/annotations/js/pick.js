/** From a point on the page to the marks under it, and from one mark to those that share its words. */

/** @typedef {import("./paint.js").Painted} Painted */
/** @typedef {import("./text.js").ArticleText} ArticleText */

const SLACK = 6; // px above and below a character: the lines of outer marks lie there

/** Inner marks first. @param {Painted} a @param {Painted} b */
const byLength = (a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start || a.n - b.n;

/**
 * The code point of the character drawn at a point of the viewport; null beside the words.
 * @param {ArticleText} text
 * @param {number} x
 * @param {number} y
 */
export function pointUnder(text, x, y) {
  const caret = document.caretPositionFromPoint?.(x, y);
  const range = caret ? null : document.caretRangeFromPoint?.(x, y);
  const node = caret?.offsetNode ?? range?.startContainer;
  const offset = caret?.offset ?? range?.startOffset ?? 0;
  if (!(node instanceof Text)) return null;
  // The caret stands between two characters: the one that is drawn here is before it or after it.
  for (const unit of [offset, offset - 1]) {
    if (unit < 0 || unit >= node.length) continue;
    const character = new Range();
    character.setStart(node, unit);
    character.setEnd(node, unit + 1);
    for (const box of character.getClientRects())
      if (x >= box.left && x <= box.right && y >= box.top - SLACK && y <= box.bottom + SLACK)
        return text.pointAt(node, unit);
  }
  return null;
}

/**
 * The marks at a code point, inner ones first.
 * @param {Painted[]} marks
 * @param {number | null} point
 */
export function marksAt(marks, point) {
  return point === null ? [] : marks.filter(({ start, end }) => start <= point && point < end).sort(byLength);
}

/**
 * What a click opens: the innermost mark, or the next one out when one of the stack is open already.
 * @param {Painted[]} stack
 */
export function nextOf(stack) {
  return stack[(stack.findIndex((mark) => mark.on) + 1) % stack.length] ?? null;
}

/**
 * The next mark inwards (-1) or outwards (+1) among those that share words with this one.
 * @param {Painted[]} marks
 * @param {Painted} from
 * @param {1 | -1} step
 */
export function neighbour(marks, from, step) {
  const sharing = marks.filter(({ start, end }) => start < from.end && from.start < end).sort(byLength);
  return sharing[sharing.findIndex(({ id }) => id === from.id) + step] ?? null;
}
