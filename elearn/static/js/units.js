// Units to choose from appear while their name is typed; without this script the button finds them.
(() => {
  "use strict";
  for (const box of document.querySelectorAll("[data-units]")) {
    const input = box.querySelector("#unit_words");
    const choices = box.querySelector(".unit-choices .choices");
    if (!input || !choices) continue;
    const other = choices.lastElementChild;
    let timer, controller;
    const note = document.createElement("p");
    note.className = "hint";
    note.setAttribute("role", "status");
    choices.before(note);

    const choice = (unit) => {
      const label = document.createElement("label");
      const radio = document.createElement("input");
      const name = document.createElement("span");
      radio.type = "radio";
      radio.name = "unit";
      radio.value = unit.id;
      radio.id = `unit-found-${unit.id}`;
      label.htmlFor = radio.id;
      label.className = "choice";
      name.textContent = unit.name;
      label.append(radio, name);
      return label;
    };
    const show = (units) => {
      const chosen = choices.querySelector("input:checked");
      const kept = chosen && chosen.closest(".choice");
      [...choices.children].forEach((one) => { if (one !== other && one !== kept) one.remove(); });
      for (const unit of units) {
        if (!kept || chosen.value !== String(unit.id)) other.before(choice(unit));
      }
      note.textContent = units.length ? "" : box.dataset.none;
    };
    const run = async () => {
      if (!input.value.trim()) return;
      if (controller) controller.abort();
      controller = new AbortController();
      try {
        const answer = await fetch(`${box.dataset.units}?q=${encodeURIComponent(input.value)}`, { signal: controller.signal });
        if (answer.ok) show((await answer.json()).units);
      } catch (_aborted) { /* a later key was pressed, or the network is away: the button still works */ }
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(run, 300); });
    // Enter in this box looks for units; it does not send the form.
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); clearTimeout(timer); run(); } });
  }
})();
