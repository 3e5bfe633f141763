// Points of a judge: saved as they are typed, kept on this device until the server says that it has them, sent again with the same key.
(() => {
  "use strict";
  const form = document.querySelector("form[data-scores]");
  if (!form) return;
  const words = form.dataset;
  const place = `elearn-scores:${words.person}`;
  const here = location.pathname;
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // What waits, by address of the page: {values, reason, key}. Another contestant's points are sent from here too.
  let waiting = {};
  try { waiting = JSON.parse(localStorage.getItem(place)) || {}; } catch (_blocked) { /* for this page only, then */ }
  const keep = () => { try { localStorage.setItem(place, JSON.stringify(waiting)); } catch (_blocked) { /* as above */ } };

  const say = (name, text, kind) => {
    const state = document.getElementById(`state-${name.slice(7)}`);
    if (!state) return;
    state.textContent = text;
    state.className = `score-state${kind ? ` score-${kind}` : ""}`;
  };
  const box = (name) => form.elements[name];

  const put = (name) => {
    const one = waiting[here] || { values: {}, key: fresh() };
    one.values[name] = box(name).value;
    one.reason = form.elements.reason ? form.elements.reason.value : "";
    one.key = fresh();
    waiting[here] = one;
    keep();
    say(name, words.saving, "");
    send();
  };

  let isSending = false;
  let pause = 2000;
  const send = async () => {
    const [address, one] = Object.entries(waiting)[0] || [];
    if (isSending || !address) return;
    isSending = true;
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    data.set("key", one.key);
    data.set("reason", one.reason || "");
    Object.entries(one.values).forEach(([name, value]) => data.set(name, value));
    const names = address === here ? Object.keys(one.values) : [];
    let isLater = false;
    let why = words.waiting;
    try {
      const answer = await fetch(address, { method: "POST", body: data, headers: { Accept: "application/json" } });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok) {
        names.forEach((name) => { if (box(name).value.trim()) say(name, `${words.saved} ${told.saved_at}`, "done"); else say(name, "", ""); });
      } else if (answer.status >= 500 || answer.status === 429 || answer.status === 401 || told.error === "csrf") {
        // Signed out meanwhile: what was typed stays on the device until the judge has signed in again.
        isLater = true;
        why = (answer.status < 429 && told.message) || words.waiting;
      } else {
        // A refusal names its criterion; the others of the same sending are kept apart and sent again without it.
        const faulty = names.find((name) => name === `points-${told.field}`);
        names.forEach((name) => { if (!faulty || name === faulty) say(name, told.message || words.refused, "fault"); });
        if (faulty && names.length > 1) {
          delete one.values[faulty];
          one.key = fresh();
          isLater = true;
          pause = 100;
        }
      }
    } catch (_offline) { isLater = true; }
    isSending = false;
    if (isLater) {
      if (pause > 1000) names.forEach((name) => say(name, why, "waiting"));
      setTimeout(send, pause);
      pause = pause < 1000 ? 2000 : Math.min(15000, pause * 2);
      return;
    }
    pause = 2000;
    // What was typed while this was on its way has a key of its own.
    if (waiting[address] && waiting[address].key === one.key) { delete waiting[address]; }
    keep();
    send();
  };

  const timers = {};
  form.addEventListener("input", (event) => {
    const name = event.target.name || "";
    if (!name.startsWith("points-")) return;
    clearTimeout(timers[name]);
    timers[name] = setTimeout(() => put(name), 700);
  });
  form.addEventListener("change", (event) => {
    const name = event.target.name || "";
    if (!name.startsWith("points-")) return;
    clearTimeout(timers[name]);
    put(name);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const input = document.getElementById(button.dataset.for);
    const most = Number(input.dataset.most);
    const step = Number(button.dataset.step);
    // An empty box counts up from nothing, or down from everything.
    const value = input.value.trim() ? Number(input.value.trim().replace(",", ".")) || 0 : step < 0 ? most - step : 0;
    const next = Math.min(most, Math.max(0, value + step));
    input.value = String(Math.round(next * 100) / 100).replace(".", ",");
    clearTimeout(timers[input.name]);
    say(input.name, words.saving, "");
    timers[input.name] = setTimeout(() => put(input.name), 400);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    [...form.elements].filter((one) => one.name && one.name.startsWith("points-") && one.value.trim()).forEach((one) => put(one.name));
  }, true);
  window.addEventListener("online", () => { pause = 2000; send(); });
  // What the device still holds of this page is what the judge typed last.
  Object.entries((waiting[here] || { values: {} }).values).forEach(([name, value]) => {
    if (box(name)) { box(name).value = value; say(name, words.waiting, "waiting"); }
  });
  send();
})();
