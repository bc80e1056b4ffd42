/**
 * Marks where the browser has no CSS Custom Highlight API: boxes laid over the lines of the text,
 * redrawn whenever the text is laid out anew.
 */
import { onLayout } from "./measure.js";

const LANE = [2, 7, 11]; // px below the line box, as near to --lane-n as boxes come

/**
 * @param {HTMLElement} host
 * @returns {import("./paint.js").Layer}
 */
export function boxLayer(host) {
  /** @type {Map<string, { ranges: Range[], sheet: HTMLElement }>} */
  const sheets = new Map();

  /** @param {string} name @param {Range[]} ranges @param {HTMLElement} sheet */
  const draw = (name, ranges, sheet) => {
    const origin = host.getBoundingClientRect();
    const lane = /-\d$/.test(name) ? (LANE[Number(name.at(-1))] ?? 0) : 0;
    const names = name.replace(/-\d$/, "").replace(/^(open|hover)-/, "$1 ");
    const rects = ranges.flatMap((range) => [...range.getClientRects()]);
    sheet.replaceChildren(
      ...rects.map((rect) => {
        const box = document.createElement("i");
        box.className = names;
        box.style.left = `${rect.left - origin.left}px`;
        box.style.top = `${rect.top - origin.top}px`;
        box.style.width = `${rect.width}px`;
        box.style.height = `${rect.height + lane}px`;
        return box;
      }),
    );
  };

  onLayout(host, () => {
    for (const [name, { ranges, sheet }] of sheets) draw(name, ranges, sheet);
  });

  return (name, ranges) => {
    const known = sheets.get(name);
    const sheet = known?.sheet ?? document.createElement("div");
    if (!known) {
      sheet.className = "boxes";
      sheet.ariaHidden = "true";
      host.append(sheet);
    }
    sheets.set(name, { ranges, sheet });
    draw(name, ranges, sheet);
  };
}
