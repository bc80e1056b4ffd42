/**
 * The article on the page as canonical text: places in code points ↔ ranges in the DOM.
 *
 * A block is an element with data-start (and data-end), whose text nodes are exactly the canonical
 * text between the two; blocks of the class "furniture" are shown but cannot be annotated.
 * What stands between two blocks in the canonical text ("\n\n") is in no text node.
 */
import { countWhile, offsetsOf, widen } from "./offsets.js";

/** @typedef {{ start: number, end: number }} Place code points, [start, end) */
/** @typedef {{ place: Place, quote: string, reason: "" } | { place: null, quote: "", reason: string }} Taken */
/**
 * @typedef {object} Block
 * @property {HTMLElement} el
 * @property {number} start
 * @property {number} end
 * @property {boolean} furniture
 * @property {string} text
 * @property {import("./offsets.js").Offsets} offsets
 * @property {Text[]} nodes
 * @property {number[]} heads unit at which each node begins
 */
/** @typedef {{ block: Block, from: number, to: number }} Piece units within one block */

const REASONS = {
  nothing: "Nothing is selected. Select words in the article.",
  outside: "The selection is outside the article. Select words in its text.",
  furniture: "This belongs to the page and not to the article. Select words in its text.",
  crossing:
    "The selection runs across a part of the page that is not the article. Select the words before it or after it.",
  blank: "Only blanks are selected. Select words in the article.",
  changed:
    "The text shown is not the stored one; a translation or an extension may have changed it. Turn that off, reload the page and select again.",
};

/** @param {keyof typeof REASONS} why @returns {Taken} */
const refuse = (why) => ({ place: null, quote: "", reason: REASONS[why] });

/** @param {HTMLElement} el @returns {Block} */
function readBlock(el) {
  const nodes = [];
  const heads = [];
  let text = "";
  const walk = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = /** @type {Text} */ (walk.currentNode);
    nodes.push(node);
    heads.push(text.length);
    text += node.data;
  }
  const offsets = offsetsOf(text);
  const start = Number(el.dataset.start);
  const end = start + offsets.length;
  return { el, start, end, furniture: el.classList.contains("furniture"), text, offsets, nodes, heads };
}

export class ArticleText {
  /** @param {ParentNode} root */
  constructor(root) {
    this.root = root;
    /** @type {Block[]} */
    this.blocks = Array.from(root.querySelectorAll("[data-start]"), (el) =>
      readBlock(/** @type {HTMLElement} */ (el)),
    ).sort((a, b) => a.start - b.start); // two texts side by side stand in each other's order
    /** @type {Map<Element | null | undefined, Block>} */
    this.byElement = new Map(this.blocks.map((block) => [block.el, block]));
    for (const { el, end } of this.blocks)
      if (el.dataset.end && Number(el.dataset.end) !== end)
        console.warn(`The block at ${el.dataset.start} should end at ${el.dataset.end} and ends at ${end}.`);
  }

  /**
   * The range of a place, clipped to the blocks; null where it covers none of them.
   * @param {Place} place
   */
  rangeOf({ start, end }) {
    const first = this.blocks[countWhile(this.blocks.length, (i) => this.#block(i).end <= start)];
    const last = this.blocks[countWhile(this.blocks.length, (i) => this.#block(i).start < end) - 1];
    if (!first || !last || first.start > last.start || start >= end) return null;
    const range = new Range();
    range.setStart(...nodeAt(first, first.offsets.toUnits(Math.max(start - first.start, 0)), false));
    range.setEnd(...nodeAt(last, last.offsets.toUnits(Math.min(end, last.end) - last.start), true));
    return range;
  }

  /**
   * The canonical text of a place, with the separators between its blocks.
   * @param {Place} place
   */
  quote({ start, end }) {
    let quote = "";
    let from = start;
    for (const block of this.blocks) {
      if (block.end <= start || block.start >= end) continue;
      quote += "\n".repeat(Math.max(0, block.start - from));
      const head = block.offsets.toUnits(Math.max(from - block.start, 0));
      quote += block.text.slice(head, block.offsets.toUnits(Math.min(end, block.end) - block.start));
      from = block.end;
    }
    return quote;
  }

  /**
   * What a selection takes of the article: clipped to it, without the blanks at its ends, in whole
   * characters. A selection that cannot be marked is refused with a sentence.
   * @param {Selection | Range | null} source
   * @returns {Taken}
   */
  take(source) {
    const range = source instanceof Selection ? (source.rangeCount ? source.getRangeAt(0) : null) : source;
    if (!range || range.collapsed) return refuse("nothing");
    let pieces = this.#pieces(range);
    if (!pieces.length) return refuse("outside");
    if (pieces.some(({ block }) => block.el.textContent !== block.text)) return refuse("changed");
    while (pieces[0]?.block.furniture) pieces = pieces.slice(1);
    while (pieces.at(-1)?.block.furniture) pieces = pieces.slice(0, -1);
    if (!pieces.length) return refuse("furniture");
    if (pieces.some(({ block }) => block.furniture)) return refuse("crossing");
    pieces = trim(pieces);
    const [first, last] = [pieces[0], pieces.at(-1)];
    if (!first || !last) return refuse("blank");
    const head = widen(first.block.text, first.from, first === last ? first.to : first.from);
    const tail = first === last ? head : widen(last.block.text, last.to, last.to);
    const place = {
      start: first.block.start + first.block.offsets.toPoints(head.start),
      end: last.block.start + last.block.offsets.toPoints(tail.end),
    };
    return { place, quote: this.quote(place), reason: "" };
  }

  /**
   * The code point at a boundary point of the DOM, or null outside the blocks.
   * @param {Node} container
   * @param {number} offset
   */
  pointAt(container, offset) {
    const block = this.blockOf(container);
    if (!block) return null;
    const unit = unitAt(block, container, offset);
    return block.start + block.offsets.toPoints(widen(block.text, unit, unit).start);
  }

  /** @param {Node} node */
  blockOf(node) {
    const el = node instanceof Element ? node : node.parentElement;
    return this.byElement.get(el?.closest("[data-start]")) ?? null;
  }

  /** @param {Range} range @returns {Piece[]} */
  #pieces(range) {
    return this.blocks
      .filter(({ el }) => range.intersectsNode(el))
      .map((block) => ({
        block,
        from: block.el.contains(range.startContainer)
          ? unitAt(block, range.startContainer, range.startOffset)
          : 0,
        to: block.el.contains(range.endContainer)
          ? unitAt(block, range.endContainer, range.endOffset)
          : block.text.length,
      }))
      .filter(({ from, to }) => from < to);
  }

  /** @param {number} index */
  #block(index) {
    return /** @type {Block} */ (this.blocks[index]);
  }
}

/**
 * A place of a block as a node and an offset. At a seam of two nodes an end keeps to the first,
 * a start to the second, so that a range never reaches over an empty edge.
 * @param {Block} block
 * @param {number} unit
 * @param {boolean} isEnd
 * @returns {[Node, number]}
 */
function nodeAt({ el, nodes, heads }, unit, isEnd) {
  const index =
    countWhile(heads.length, (i) => (isEnd && i > 0 ? unit > Number(heads[i]) : unit >= Number(heads[i]))) -
    1;
  const node = nodes[index];
  return node ? [node, unit - Number(heads[index])] : [el, 0];
}

/**
 * Units of the block before a boundary point. Range.toString() is the text nodes' data and nothing
 * else, unlike Selection.toString(), which follows the rendering.
 * @param {Block} block
 * @param {Node} container
 * @param {number} offset
 */
function unitAt({ el }, container, offset) {
  const before = new Range();
  before.setStart(el, 0);
  before.setEnd(container, offset);
  return before.toString().length;
}

/**
 * The pieces without the blanks at both ends, and without the pieces that held nothing else.
 * @param {Piece[]} pieces
 */
function trim(pieces) {
  const kept = [...pieces];
  for (let first = kept[0]; first; first = kept[0]) {
    const blanks = first.block.text.slice(first.from, first.to).search(/\S/);
    if (blanks >= 0) {
      kept[0] = { ...first, from: first.from + blanks };
      break;
    }
    kept.shift();
  }
  for (let last = kept.at(-1); last; last = kept.at(-1)) {
    const length = last.block.text.slice(last.from, last.to).trimEnd().length;
    if (length) {
      kept[kept.length - 1] = { ...last, to: last.from + length };
      break;
    }
    kept.pop();
  }
  return kept;
}
