/**
 * Other words for a claim: its mark becomes the live selection, whose ends move by keys and handles,
 * or words selected anew take the mark's place. The claim stays what it is.
 */
import { Handles } from "./handles.js";
import { offerUndo } from "./marking.js";
import { addressOf, openId, panel } from "./panel.js";
import { ask } from "./requests.js";
import { toast } from "./toast.js";

/** @typedef {import("./paint.js").Painter} Painter */
/** @typedef {import("./paint.js").Painted} Painted */
/** @typedef {import("./reader.js").Reader} Reader */
/** @typedef {import("./text.js").Place} Place */

export class Moving {
  /** @type {Painted | null} the mark whose words are being changed */
  #held = null;
  /** @type {{ id: string, from: Place, to: Place } | null} what the server was asked to do last */
  #asked = null;

  /**
   * @param {Reader} reader
   * @param {Painter} painter
   * @param {{ pop: HTMLElement, galley: HTMLElement, scroller: HTMLElement }} parts
   */
  constructor(reader, painter, { pop, galley, scroller }) {
    this.reader = reader;
    this.painter = painter;
    this.pop = pop;
    this.scroller = scroller;
    this.said = /** @type {HTMLElement} */ (pop.querySelector(".said"));
    this.handles = new Handles(galley, reader);
    document.addEventListener("words-moved", () => this.#moved());
  }

  /**
   * The key and the button: begins with the words of the open claim, keeps those that are selected.
   * Where a claim has several places and the words are still those of one, the next one's turn comes.
   */
  use() {
    const { place } = this.reader;
    const own = this.#own();
    if (!own.length) {
      toast("Open a claim first whose mark you may change.");
    } else if (!place) {
      this.#begin(own[0]);
    } else if (this.#held && same(place, this.#held)) {
      const next = own[own.indexOf(this.#held) + 1];
      if (next) this.#begin(next);
      else this.leave();
    } else {
      this.#keep();
    }
  }

  /** Enter, while words are being changed: false leaves the key to what has focus. */
  keep() {
    if (!this.#held || document.activeElement?.matches("a, button, summary, input")) return false;
    this.#keep();
    return true;
  }

  leave() {
    getSelection()?.removeAllRanges();
  }

  /** Follows the selection, the layout and the open claim. */
  follow() {
    const { place } = this.reader;
    if (!place) this.#held = null;
    this.handles.show(this.#held && place);
    this.pop.classList.toggle("moving", Boolean(this.#held));
    const target = place && this.#target(place);
    const button = /** @type {HTMLElement} */ (this.pop.querySelector("[data-do=keep-words]"));
    button.hidden = !target;
    /** @type {HTMLElement} */ (button.querySelector("span")).textContent =
      `Use for claim ${target?.n ?? ""}`;
    /** @type {HTMLElement} */ (button.querySelector("kbd")).textContent = this.#held ? "Enter" : "U";
  }

  /** Other words are selected: what was said of the ones before is taken away. */
  changed() {
    this.said.replaceChildren();
    this.follow();
  }

  /** The marks of the open claim, if the person may change them. */
  #own() {
    return panel.querySelector("[data-may-edit]") ? this.painter.marks.filter(({ on }) => on) : [];
  }

  /** The mark that the selected words would replace: the only one, or the one they share words with. @param {Place} place */
  #target({ start, end }) {
    const own = this.#own();
    const sharing = own.filter((mark) => mark.start < end && start < mark.end);
    return this.#held ?? (own.length === 1 ? own[0] : sharing.length === 1 ? sharing[0] : undefined);
  }

  /** @param {Painted | undefined} mark */
  #begin(mark) {
    if (!mark) return;
    this.#held = mark;
    this.scroller.focus({ preventScroll: true });
    this.reader.show({ start: mark.start, end: mark.end });
    this.follow();
  }

  #keep() {
    const taken = this.reader.text.take(getSelection());
    const target = taken.place && this.#target(taken.place);
    if (!taken.place) toast(taken.reason);
    else if (!target) toast("This claim stands in several places. Select words of the one to change.");
    else if (same(taken.place, target)) this.leave();
    else this.#ask(target.id, target, taken.place, taken.quote);
  }

  /** @param {string} id @param {Place} from @param {Place} to @param {string} [quote] */
  #ask(id, from, to, quote) {
    const { bench, revision } = document.body.dataset;
    this.#asked = { id, from, to };
    const was = `${from.start}-${from.end}`;
    const sent = { start: to.start, end: to.end, was, revision, ...(quote && { quote }) };
    // A refusal is said in the bar, and the words stay selected.
    ask("POST", `${bench}places/${id}/`, this.said, sent);
  }

  #moved() {
    if (!this.#asked) return;
    const { id, from, to } = this.#asked;
    this.leave();
    ask("GET", addressOf(openId()), panel);
    offerUndo("Words changed", () => this.#ask(id, to, from));
  }
}

/** @param {Place} a @param {Place} b */
const same = (a, b) => a.start === b.start && a.end === b.end;
