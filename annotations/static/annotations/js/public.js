/** A published article: marks, margin numbers and notes beside the text. */
import { fillGutter, placeGutter } from "./gutter.js";
import { measure, onLayout } from "./measure.js";
import { joinTwins, placeNotes } from "./notes.js";
import { createPainter } from "./paint.js";
import { ArticleText } from "./text.js";

const body = /** @type {HTMLElement | null} */ (document.querySelector(".read-body, .prose.text"));
const list = document.getElementById("marks");

if (body && list) {
  const { marks } = JSON.parse(list.textContent);
  const painter = await createPainter(new ArticleText(document), body);
  const gutter = /** @type {HTMLElement | null} */ (body.querySelector(".gutter"));
  painter.paint(marks);
  if (gutter) fillGutter(gutter, painter.marks, ({ n }) => `#note-${n}`);
  joinTwins(body, painter);
  onLayout(body, () => {
    placeNotes(body, measure(painter.marks, body));
    if (gutter) placeGutter(gutter, measure(painter.marks, body));
  });
}
