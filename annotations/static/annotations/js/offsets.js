/**
 * Code points ↔ UTF-16 units: the only place that converts.
 *
 * The server counts code points, the DOM counts units. They part by one for every character
 * beyond U+FFFF that stands before a place, so the index of a text is the list of those.
 */

/**
 * @typedef {object} Offsets
 * @property {number} length in code points
 * @property {(point: number) => number} toUnits
 * @property {(unit: number) => number} toPoints refuses a unit inside a surrogate pair
 */

/**
 * How many of the first `length` numbers pass; those that pass must come first.
 * @param {number} length
 * @param {(index: number) => boolean} passes
 */
export function countWhile(length, passes) {
  let low = 0;
  for (let high = length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (passes(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param {string} text
 * @returns {Offsets}
 */
export function offsetsOf(text) {
  /** @type {number[]} units at which a surrogate pair begins */
  const pairs = [];
  // Most texts hold none: the search alone settles those.
  const first = text.search(/[\ud800-\udbff][\udc00-\udfff]/);
  for (let i = first; i >= 0 && i < text.length; i++)
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00)
      pairs.push(i++);
  const length = text.length - pairs.length;

  /** @param {number} at @param {number} end */
  const check = (at, end) => {
    if (!Number.isInteger(at) || at < 0 || at > end)
      throw new RangeError(`${at} lies outside the text, which ends at ${end}.`);
  };

  return {
    length,
    toUnits(point) {
      check(point, length);
      return point + countWhile(pairs.length, (i) => /** @type {number} */ (pairs[i]) - i < point);
    },
    toPoints(unit) {
      check(unit, text.length);
      const before = countWhile(pairs.length, (i) => /** @type {number} */ (pairs[i]) < unit);
      if (before && pairs[before - 1] === unit - 1)
        throw new RangeError(`${unit} lies inside a surrogate pair. Take ${unit - 1} or ${unit + 1}.`);
      return unit - before;
    },
  };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * The ends moved out to whole characters as a reader sees them: flags, skin tones, families,
 * combining marks. Everything here is in units.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
export function widen(text, start, end) {
  // Below U+0300 nothing joins (CR is never in a canonical text), which spares nearly every call.
  /** @param {number} at */
  const plain = (at) =>
    at <= 0 || at >= text.length || (text.charCodeAt(at - 1) < 0x300 && text.charCodeAt(at) < 0x300);
  if (plain(start) && plain(end)) return { start, end };
  const characters = graphemes.segment(text);
  const last = characters.containing(end);
  return {
    start: characters.containing(start)?.index ?? start,
    end: last && last.index < end ? last.index + last.segment.length : end,
  };
}
