/** Light, dark, or as the system has it: radio buttons of the name "theme" with the values light, dark and system. */

const choices = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[name=theme]"));

for (const choice of choices) {
  choice.checked = choice.value === (document.documentElement.dataset.theme ?? "system");
  choice.addEventListener("change", () => {
    const { dataset } = document.documentElement;
    if (choice.value === "system") delete dataset.theme;
    else dataset.theme = choice.value;
    if (dataset.theme) localStorage.setItem("theme", dataset.theme);
    else localStorage.removeItem("theme");
  });
}
