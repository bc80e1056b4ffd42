/** A claim that is lent is kept while its page is worked on: the server is told, at most once a minute. */

const EVERY = 60_000; // ms
let last = 0;

/** Tells it, and says until when the claim is kept now. */
async function keep() {
  const line = /** @type {HTMLElement | null} */ (document.querySelector("[data-keep]"));
  if (!line?.dataset.keep || Date.now() - last < EVERY) return;
  last = Date.now();
  const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  const headers = { "X-CSRFToken": token, "HX-Request": "true" };
  // What fails here is tried again with the next key; the loan goes on until its time.
  const answer = await fetch(line.dataset.keep, { method: "POST", headers }).catch(() => null);
  if (answer?.status === 409) line.textContent = "Your time with it ran out. You can submit all the same.";
}

for (const kind of ["input", "keydown", "pointerdown"])
  document.addEventListener(kind, keep, { passive: true });
