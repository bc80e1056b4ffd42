/**
 * Two handles at the ends of the words that are being changed, for pointer and touch: an end is drawn
 * to another place in the text, by whole characters.
 */

/** @typedef {import("./reader.js").Reader} Reader */
/** @typedef {import("./text.js").Place} Place */
/** @typedef {"start" | "end"} End */

const EDGE = 48; // px from the scroller's edge at which the text comes to meet the finger
const STEP = 16; // px it comes at a time
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LEFT_TO_RIGHT = /[\p{L}\p{N}]/u;

export class Handles {
  /** @type {Record<End, HTMLElement>} */
  #handles;

  /**
   * @param {HTMLElement} galley a positioned element around the text, inside .scroll
   * @param {Reader} reader
   */
  constructor(galley, reader) {
    this.galley = galley;
    this.reader = reader;
    this.#handles = { start: this.#make("start"), end: this.#make("end") };
  }

  /** Sets the handles to the ends of a place; null takes them away. @param {Place | null} place */
  show(place) {
    const range = place && this.reader.text.rangeOf(place);
    for (const [which, handle] of Object.entries(this.#handles)) {
      const at = range && edgeOf(range, which === "start");
      handle.hidden = !at;
      if (!at) continue;
      const host = this.galley.getBoundingClientRect();
      handle.style.left = `${at.x - host.left}px`;
      handle.style.top = `${at.top - host.top}px`;
      handle.style.setProperty("--line", `${at.bottom - at.top}px`);
    }
  }

  /** @param {End} which */
  #make(which) {
    const handle = document.createElement("span");
    handle.className = `handle ${which}`;
    handle.ariaHidden = "true"; // the keys do the same
    handle.hidden = true;
    /** @type {{ x: number, y: number } | null} from the pointer to the middle of the line */
    let grip = null;
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // or the words would no longer be selected
      handle.setPointerCapture(event.pointerId);
      handle.classList.add("held");
      const box = handle.getBoundingClientRect();
      const line = Number.parseFloat(handle.style.getPropertyValue("--line")) || 0;
      grip = { x: box.left + box.width / 2 - event.clientX, y: box.top + line / 2 - event.clientY };
    });
    handle.addEventListener("pointermove", (event) => {
      if (grip) this.#draw(which, event.clientX + grip.x, event.clientY + grip.y);
    });
    for (const name of ["pointerup", "pointercancel"])
      handle.addEventListener(name, () => {
        grip = null;
        handle.classList.remove("held");
      });
    this.galley.append(handle);
    return handle;
  }

  /** Moves an end to the character at a point of the viewport. @param {End} which @param {number} x @param {number} y */
  #draw(which, x, y) {
    this.#comeToMeet(y);
    const { place, text } = this.reader;
    const caret = document.caretPositionFromPoint?.(x, y);
    const range = caret ? null : document.caretRangeFromPoint?.(x, y);
    const node = caret?.offsetNode ?? range?.startContainer;
    const point = node ? text.pointAt(node, caret?.offset ?? range?.startOffset ?? 0) : null;
    if (place && point !== null && point !== place[which])
      this.reader.show({ ...place, [which]: point }, false);
  }

  /** @param {number} y */
  #comeToMeet(y) {
    const scroller = this.galley.closest(".scroll");
    if (!scroller) return;
    const { top, bottom } = scroller.getBoundingClientRect();
    if (y > bottom - EDGE) scroller.scrollBy(0, STEP);
    else if (y < top + EDGE) scroller.scrollBy(0, -STEP);
  }
}

/**
 * Where a range begins (ends) on the page, in the viewport.
 * @param {Range} range
 * @param {boolean} isStart
 */
function edgeOf(range, isStart) {
  const edge = range.cloneRange();
  edge.collapse(isStart);
  const node = /** @type {Text} */ (edge.startContainer);
  // A collapsed range may have no box of its own: the one of the character beside it is taken.
  if (isStart) edge.setEnd(node, Math.min(node.length, edge.startOffset + 1));
  else edge.setStart(node, Math.max(0, edge.endOffset - 1));
  const boxes = edge.getClientRects();
  const box = isStart ? boxes[0] : boxes[boxes.length - 1];
  if (!box) return null;
  const character = edge.toString();
  const { direction } = getComputedStyle(/** @type {Element} */ (node.parentElement));
  const rtl = RIGHT_TO_LEFT.test(character) || (!LEFT_TO_RIGHT.test(character) && direction === "rtl");
  return { x: isStart === rtl ? box.right : box.left, top: box.top, bottom: box.bottom };
}
