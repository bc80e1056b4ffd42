/**
 * Paints marks over the text without touching its DOM: one highlight a line style and a lane
 * ("true-0", "true-1" …), one for the tint of the open claim, of the one pointed at, of what is
 * stale, and of the words about to be marked.
 */
import { assignLanes } from "./lanes.js";

/** @typedef {import("./text.js").ArticleText} ArticleText */
/** @typedef {import("./text.js").Place} Place */
/**
 * As the server lists it: one appearance of a claim. `line` is a rating's name, "plain" or "aside".
 * @typedef {{ id: string, n: number, start: number, end: number, line: string, on?: boolean, stale?: boolean }} Mark
 */
/** @typedef {Mark & { lane: number, range: Range }} Painted */
/**
 * Where ranges are drawn: the highlight registry, or boxes laid over the text where it is missing.
 * @typedef {(name: string, ranges: Range[], priority: number) => void} Layer
 */

/** @type {Layer} */
function highlightLayer(name, ranges, priority) {
  if (!ranges.length) {
    CSS.highlights.delete(name);
    return;
  }
  const highlight = new Highlight();
  highlight.priority = priority;
  for (const range of ranges) highlight.add(range);
  CSS.highlights.set(name, highlight);
}

/** Tints lie under the lines, and inner lines over outer ones. @param {string} name */
const priority = (name) => (/-\d$/.test(name) ? 10 - Number(name.at(-1)) : name === "stale" ? 2 : 1);

export class Painter {
  /** @type {Painted[]} */
  marks = [];
  /** @type {Set<string>} names used before, so that those no longer used are emptied */
  #names = new Set();
  #layer;

  /** @param {ArticleText} text @param {Layer} layer */
  constructor(text, layer) {
    this.text = text;
    this.#layer = layer;
  }

  /**
   * Paints these marks in place of the ones before; a mark outside the text shown is left out.
   * @param {Mark[]} marks
   */
  paint(marks) {
    this.marks = marks.flatMap((mark) => {
      const range = this.text.rangeOf(mark);
      return range ? [{ ...mark, lane: 0, range }] : [];
    });
    assignLanes(this.marks);
    this.#draw();
  }

  /**
   * Opens a claim: all its marks take the tint.
   * @param {number | null} n
   */
  open(n) {
    for (const mark of this.marks) mark.on = mark.n === n;
    this.#draw();
  }

  #draw() {
    /** @type {Map<string, Range[]>} */
    const groups = new Map([...this.#names].map((name) => [name, []]));
    /** @param {string} name @param {Painted} mark */
    const add = (name, { range }) => {
      const group = groups.get(name);
      if (group) group.push(range);
      else groups.set(name, [range]);
    };
    for (const mark of this.marks) {
      add(`${mark.line}-${mark.lane}`, mark);
      if (mark.on) add(`open-${mark.line}`, mark);
      if (mark.stale) add("stale", mark);
    }
    for (const [name, ranges] of groups) this.#layer(name, ranges, priority(name));
    this.#names = new Set(groups.keys());
  }

  /**
   * Tints the marks of a claim that is pointed at; null ends it.
   * @param {number | null} n
   */
  hover(n) {
    for (const line of new Set(this.marks.map((mark) => mark.line)))
      this.#layer(
        `hover-${line}`,
        this.marks.filter((mark) => mark.n === n && mark.line === line).map((mark) => mark.range),
        3,
      );
  }

  /**
   * Keeps the words about to be marked in view while focus is in the form.
   * @param {Place | null} place
   */
  select(place) {
    const range = place && this.text.rangeOf(place);
    this.#layer("selecting", range ? [range] : [], 50);
  }
}

/**
 * @param {ArticleText} text
 * @param {HTMLElement} host a positioned element around the text, for the boxes
 */
export async function createPainter(text, host) {
  // Only a browser without the API loads the module that does without it.
  const layer = "highlights" in CSS ? highlightLayer : (await import("./boxes.js")).boxLayer(host);
  return new Painter(text, layer);
}
