// The blueprint editor: rows and sections come, go and move without a reload, and each row says how many questions it can draw from.
// Without this script the same buttons are sent to the server, which changes the rows.
(() => {
  "use strict";
  const form = document.querySelector("[data-quiz-editor]");
  if (!form) return;
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const parts = one("[data-parts]", form), sections = one("[data-sections]", form), total = one("[data-total]", form);
  const words = JSON.parse(one("[data-editor-words]").dataset.words);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const figure = (value) => value.toLocaleString(document.documentElement.lang || "vi", { maximumFractionDigits: 4 });
  let made = 0;

  const fresh = (name) => {
    const holder = document.createElement("div");
    made += 1;
    holder.innerHTML = one(name).innerHTML.replaceAll("__key__", `n${made}`);
    return holder.firstElementChild;
  };
  const value = (row, name) => (one(`[data-${name}]`, row) || { value: "" }).value;

  const renumber = () => {
    const rows = all("[data-part]", parts);
    rows.forEach((row, place) => {
      one("[data-part-number]", row).textContent = fill(words.row, { n: place + 1 });
      one("[data-up]", row).disabled = place === 0;
      one("[data-down]", row).disabled = place === rows.length - 1;
    });
    const count = all("[data-section]", sections).length;
    all("[data-section]", sections).forEach((row, place) => {
      one("[data-section-number]", row).textContent = fill(words.section, { n: place + 1 });
      one("[data-drop-section]", row).disabled = count < 2;
    });
    rows.forEach((row) => {
      const choice = one("[data-section-choice]", row), chosen = Math.min(Number(choice.value) || 0, count - 1);
      choice.replaceChildren(...Array.from({ length: count }, (_none, n) => new Option(fill(words.section, { n: n + 1 }), String(n))));
      choice.value = String(Math.max(0, chosen));
      one("[data-section-field]", row).hidden = count < 2;
    });
    sum();
  };

  const sum = () => {
    let count = 0, mark = 0;
    all("[data-part]", parts).forEach((row) => {
      const field = one("[data-mark]", row), wanted = one("[data-count]", row) ? Number(value(row, "count")) : 1;
      const each = Number((field.value || field.placeholder).replace(",", "."));
      if (wanted > 0 && each > 0) { count += wanted; mark += wanted * each; }
    });
    total.textContent = count ? fill(total.dataset.words, { count: figure(count), mark: figure(mark) }) : "";
  };

  const shelves = (row) => {
    const bank = value(row, "bank");
    all("[data-category] optgroup", row).forEach((group) => {
      const fits = group.dataset.of === bank;
      group.hidden = !fits;
      group.disabled = !fits;
      if (!fits) all("option", group).forEach((option) => { if (option.selected) option.parentElement.parentElement.value = ""; });
    });
  };

  const tell = (row, number) => {
    const place = one("[data-available]", row), wanted = Number(value(row, "count"));
    const text = number === null ? "" : fill(wanted > number ? place.dataset.short : place.dataset.words, { n: figure(number) });
    place.textContent = text;
    place.classList.toggle("check-stop", number !== null && wanted > number);
    place.dataset.known = number === null ? "" : String(number);
  };
  const ask = async (row) => {
    const asked = Object.fromEntries(["bank", "category", "level", "tags"].map((name) => [name, value(row, name)]));
    if (!asked.bank) { tell(row, null); return; }
    row.asking = (row.asking || 0) + 1;
    const turn = row.asking;
    try {
      const answer = await fetch(`${form.dataset.availableUrl}?${new URLSearchParams(asked)}`, { headers: { Accept: "application/json" } });
      const told = answer.ok ? await answer.json() : null;
      if (turn === row.asking) tell(row, told ? told.available : null);
    } catch (_offline) { if (turn === row.asking) tell(row, null); }
  };
  const soon = (row) => { clearTimeout(row.timer); row.timer = setTimeout(() => ask(row), 300); };

  const watch = (row) => {
    if (!one("[data-count]", row)) return;
    shelves(row);
    one("[data-bank]", row).addEventListener("change", () => { shelves(row); soon(row); });
    ["category", "level"].forEach((name) => one(`[data-${name}]`, row).addEventListener("change", () => soon(row)));
    one("[data-tags]", row).addEventListener("input", () => soon(row));
    one("[data-count]", row).addEventListener("input", () => {
      const known = one("[data-available]", row).dataset.known;
      if (known) tell(row, Number(known)); else soon(row);
    });
  };

  form.addEventListener("input", sum);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const row = button.closest("[data-part], [data-section]");
    const has = (name) => button.hasAttribute(`data-${name}`);
    if (has("add-part")) {
      const last = all("[data-part]", parts).pop(), row = fresh("[data-part-template]");
      parts.append(row);
      if (last && one("[data-bank]", last)) one("[data-bank]", row).value = value(last, "bank");
      watch(row);
      renumber();
      if (last) one("[data-section-choice]", row).value = value(last, "section-choice");
      ask(row);
      one("[data-bank]", row).focus();
    } else if (has("add-section")) {
      const section = fresh("[data-section-template]");
      sections.append(section);
      renumber();
      one("input:not([type=hidden])", section).focus();
    } else if (has("drop")) {
      const next = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      renumber();
      (next ? one("[data-drop]", next) : one("[data-add-part]", form)).focus();
    } else if (has("up") && row.previousElementSibling) {
      row.previousElementSibling.before(row);
      renumber();
      (button.disabled ? one("[data-down]", row) : button).focus();
    } else if (has("down") && row.nextElementSibling) {
      row.nextElementSibling.after(row);
      renumber();
      (button.disabled ? one("[data-up]", row) : button).focus();
    } else if (has("drop-section") && all("[data-section]", sections).length > 1) {
      const gone = all("[data-section]", sections).indexOf(row);
      all("[data-section-choice]", parts).forEach((choice) => {
        const number = Number(choice.value);
        if (number >= gone && number > 0) choice.value = String(number - 1);
      });
      row.remove();
      renumber();
      one("[data-add-section]", form).focus();
    } else { return; }
    event.preventDefault();
  });

  const custom = one("[data-custom]", form), box = one(".grid-box", form);
  all("[data-grid]", form).forEach((cell) => cell.addEventListener("change", () => { custom.checked = true; }));
  if (custom) custom.addEventListener("change", () => { if (custom.checked) box.open = true; });
  all("[data-part]", parts).forEach(watch);
  all("[data-part]", parts).forEach((row) => { if (one("[data-count]", row) && value(row, "bank")) ask(row); });
  renumber();
})();
