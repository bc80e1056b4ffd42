/**
 * Selecting words with the keyboard alone: by sentence, word or character, as a real selection of
 * the DOM, so that a screen reader and the copy command follow. Page furniture is stepped over.
 */
import { reveal } from "./reveal.js";

/** @typedef {import("./text.js").ArticleText} ArticleText */
/** @typedef {import("./text.js").Block} Block */
/** @typedef {import("./text.js").Place} Place */
/** @typedef {"sentence" | "word" | "grapheme"} Unit */

// "the U.S. President", "Dr. Who": the segmenter ends a sentence there, a reader does not.
const ABBREVIATED = /(?:^|[\s(“"‘'])(?:(?:\p{Lu}\.)+|(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Sen|Rep|Gov|No|vs)\.)\s*$/u;

export class Reader {
  /** @type {Place | null} exact, while a selection taken from the DOM loses its blanks */
  #place = null;
  /** @type {Range | null} as set by us: another one in the DOM means somebody else selected */
  #range = null;
  /** @type {WeakMap<Block, Map<Unit, Place[]>>} */
  #known = new WeakMap();

  /**
   * @param {ArticleText} text
   * @param {(quote: string) => void} onMove told the words selected, for a status line
   */
  constructor(text, onMove = () => {}) {
    this.text = text;
    this.onMove = onMove;
    this.blocks = text.blocks.filter(({ furniture }) => !furniture);
  }

  /** What is selected of the article now. @returns {Place | null} */
  get place() {
    const selection = getSelection();
    const range = selection?.rangeCount ? selection.getRangeAt(0) : null;
    if (!range || range.collapsed) return null;
    return this.#range && same(range, this.#range) ? this.#place : this.text.take(range).place;
  }

  /**
   * Selects the sentence (word, character) at the place, and from there the next or the last one.
   * @param {Unit} unit
   * @param {1 | -1} step
   */
  step(unit, step) {
    const place = this.place;
    const at = place?.start ?? this.#origin();
    const here = this.#first(unit, at, (span) => span.end > at);
    // Another unit than before: first the one the cursor stands in.
    if (!place || (here && (here.start !== place.start || here.end !== place.end))) return this.show(here);
    return this.show(
      step > 0
        ? this.#first(unit, place.end, (span) => span.start >= place.end)
        : this.#last(unit, place.start, (span) => span.end <= place.start),
    );
  }

  /**
   * Moves one end of the selection by a unit; +1 is forward in the text.
   * @param {"start" | "end"} which
   * @param {Unit} unit
   * @param {1 | -1} step
   */
  move(which, unit, step) {
    const place = this.place;
    if (!place) return this.step(unit, step);
    const span =
      step > 0
        ? this.#first(unit, place[which], (other) => other[which] > place[which])
        : this.#last(unit, place[which], (other) => other[which] < place[which]);
    return this.show(span && { ...place, [which]: span[which] });
  }

  /** +1 for the key that points forward in this paragraph, which is the left one in Arabic. @param {1 | -1} right @returns {1 | -1} */
  forward(right) {
    const range = this.#range ?? getSelection()?.getRangeAt(0);
    const block = range && this.text.blockOf(range.startContainer);
    return block && getComputedStyle(block.el).direction === "rtl" ? (right > 0 ? -1 : 1) : right;
  }

  /**
   * Selects a place in the DOM; false when it is none, or runs across furniture.
   * @param {Place | null} place
   * @param {boolean} [scrolls] whether it is brought into view
   */
  show(place, scrolls = true) {
    const range = place && place.start < place.end && !this.#crosses(place) ? this.text.rangeOf(place) : null;
    if (!place || !range) return false;
    getSelection()?.setBaseAndExtent(
      range.startContainer,
      range.startOffset,
      range.endContainer,
      range.endOffset,
    );
    this.#place = place;
    this.#range = range;
    if (scrolls)
      reveal(
        range,
        /** @type {Element} */ (range.startContainer.parentElement).closest(".scroll") ?? undefined,
      );
    this.onMove(this.text.quote(place));
    return true;
  }

  /** @param {Place} place */
  #crosses({ start, end }) {
    return this.text.blocks.some((block) => block.furniture && block.start < end && start < block.end);
  }

  /** Where to begin: at the caret a click left, or at the first block in view. */
  #origin() {
    const node = getSelection()?.anchorNode;
    const caret = node && this.text.pointAt(node, getSelection()?.anchorOffset ?? 0);
    if (caret !== null && caret !== undefined) return caret;
    const top = this.blocks[0]?.el.closest(".scroll")?.getBoundingClientRect().top ?? 0;
    return this.blocks.find(({ el }) => el.getBoundingClientRect().bottom > top)?.start ?? 0;
  }

  /** @param {Unit} unit @param {number} from @param {(span: Place) => boolean} passes */
  #first(unit, from, passes) {
    for (const block of this.blocks) {
      const span = block.end < from ? null : this.#spans(block, unit).find(passes);
      if (span) return span;
    }
    return null;
  }

  /** @param {Unit} unit @param {number} to @param {(span: Place) => boolean} passes */
  #last(unit, to, passes) {
    for (const block of this.blocks.toReversed()) {
      const span = block.start > to ? null : this.#spans(block, unit).findLast(passes);
      if (span) return span;
    }
    return null;
  }

  /** @param {Block} block @param {Unit} unit */
  #spans(block, unit) {
    const known = this.#known.get(block) ?? new Map();
    this.#known.set(block, known);
    if (!known.has(unit)) known.set(unit, spansOf(block, unit));
    return /** @type {Place[]} */ (known.get(unit));
  }
}

/**
 * The sentences, words or characters of a block, as places.
 * @param {Block} block
 * @param {Unit} unit
 */
function spansOf(block, unit) {
  const language = /** @type {HTMLElement | null} */ (block.el.closest("[lang]"))?.lang || undefined;
  /** @type {{ from: number, to: number }[]} */
  const units = [];
  let joined = false;
  for (const { segment, index, isWordLike } of new Intl.Segmenter(language, { granularity: unit }).segment(
    block.text,
  )) {
    if (unit === "word" && !isWordLike) continue;
    const last = units.at(-1);
    const to = index + (unit === "sentence" ? segment.trimEnd().length : segment.length);
    if (joined && last) last.to = to;
    else units.push({ from: index, to });
    joined = unit === "sentence" && ABBREVIATED.test(segment);
  }
  const { start, offsets } = block;
  return units.map(({ from, to }) => ({
    start: start + offsets.toPoints(from),
    end: start + offsets.toPoints(to),
  }));
}

/** @param {Range} a @param {Range} b */
const same = (a, b) =>
  a.compareBoundaryPoints(Range.START_TO_START, b) === 0 &&
  a.compareBoundaryPoints(Range.END_TO_END, b) === 0;

/**
 * The commands that select words by keys.
 * @param {Reader} reader
 * @returns {import("./keys.js").Commands}
 */
export const selecting = (reader) => ({
  sentence: () => reader.step("sentence", 1),
  "sentence-back": () => reader.step("sentence", -1),
  word: () => reader.step("word", 1),
  "word-back": () => reader.step("word", -1),
  character: () => reader.step("grapheme", 1),
  "character-back": () => reader.step("grapheme", -1),
  "start-out": () => reader.move("start", "word", -1),
  "start-in": () => reader.move("start", "word", 1),
  "end-out": () => reader.move("end", "word", 1),
  "end-in": () => reader.move("end", "word", -1),
  "end-right": () => reader.move("end", "grapheme", reader.forward(1)),
  "end-left": () => reader.move("end", "grapheme", reader.forward(-1)),
  "start-right": () => reader.move("start", "grapheme", reader.forward(1)),
  "start-left": () => reader.move("start", "grapheme", reader.forward(-1)),
  "end-word-right": () => reader.move("end", "word", reader.forward(1)),
  "end-word-left": () => reader.move("end", "word", reader.forward(-1)),
});
