/** One message at a time at the foot of the page, with a way back; it stays until read or for 8 seconds. */

const STAYS = 8000;
/** @type {HTMLElement | null} */
let region = null;
let timer = 0;

/**
 * @param {string} message
 * @param {{ label: string, run: () => void }} [action]
 */
export function toast(message, action) {
  // A live region speaks only if it stood there before its text did: one is kept.
  region ??= document.body.appendChild(Object.assign(document.createElement("div"), { role: "status" }));
  const box = document.createElement("div");
  box.className = "toast";
  box.append(message);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      hush();
      action.run();
    });
    box.append(button);
  }
  box.addEventListener("pointerenter", () => clearTimeout(timer));
  box.addEventListener("focusin", () => clearTimeout(timer));
  box.addEventListener("pointerleave", wait);
  box.addEventListener("focusout", wait);
  region.replaceChildren(box);
  wait();
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(hush, STAYS);
}

/** Takes the message away. */
export function hush() {
  clearTimeout(timer);
  region?.replaceChildren();
}
