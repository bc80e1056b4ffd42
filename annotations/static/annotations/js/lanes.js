/**
 * Which marks lie next to the words and which beneath: the shortest takes lane 0, what contains or
 * crosses it the next one; from the third on all share lane 2.
 */
import { countWhile } from "./offsets.js";

/**
 * Sets `lane` on every mark. The marks of lane 0, and those of lane 1, never overlap among
 * themselves, so each lane is a sorted list in which one search finds the only possible neighbour.
 * @param {{ start: number, end: number, lane: number }[]} marks
 */
export function assignLanes(marks) {
  /** @type {{ start: number, end: number }[][]} */
  const lanes = [[], []];
  for (const mark of [...marks].sort((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start)) {
    mark.lane = lanes.findIndex((lane) => {
      const at = countWhile(lane.length, (i) => /** @type {{ end: number }} */ (lane[i]).end <= mark.start);
      const next = lane[at];
      if (next && next.start < mark.end) return false;
      lane.splice(at, 0, mark);
      return true;
    });
    if (mark.lane < 0) mark.lane = 2;
  }
}
