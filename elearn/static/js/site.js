// What pages need besides HTML: copying, the countdown, remembered preferences, forms sent once, search while typing.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const remember = (key, value) => {
    try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch (_blocked) { /* for this page only, then */ }
  };

  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); return true; } catch (_unavailable) { /* plain http, or an old browser */ }
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "sr";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from]");
    if (!button) return;
    const source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
    const label = button.querySelector("span");
    if (!(await copy(source ? source.innerText : button.dataset.copy)) || !label || button.dataset.was) return;
    button.dataset.was = label.textContent;
    label.textContent = button.dataset.doneText;
    setTimeout(() => { label.textContent = button.dataset.was; delete button.dataset.was; }, 2500);
  });

  const choices = [
    ["themeChoice", "theme", "theme", "device"],
    ["textSize", "text", "text-size", "normal"],
  ];
  for (const [attribute, onRoot, key, usual] of choices) {
    const buttons = all(`[data-${attribute.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase())}]`);
    const show = () => buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.dataset[attribute] === (root.dataset[onRoot] || usual))));
    buttons.forEach((b) => b.addEventListener("click", () => {
      const value = b.dataset[attribute] === usual ? "" : b.dataset[attribute];
      value ? (root.dataset[onRoot] = value) : delete root.dataset[onRoot];
      remember(key, value);
      show();
    }));
    show();
  }

  // The server's clock counts: a device's clock may be wrong by hours.
  for (const box of all("[data-countdown-to]")) {
    const ahead = new Date(box.dataset.serverNow) - Date.now();
    const end = new Date(box.dataset.countdownTo).getTime();
    const tick = () => {
      const left = Math.max(0, Math.floor((end - Date.now() - ahead) / 1000));
      const parts = { days: Math.floor(left / 86400), hours: Math.floor(left / 3600) % 24, minutes: Math.floor(left / 60) % 60, seconds: left % 60 };
      for (const part of all("[data-part]", box)) {
        const text = String(parts[part.dataset.part]).padStart(2, "0");
        if (part.textContent !== text) part.textContent = text;
      }
      if (left) setTimeout(tick, 1000);
    };
    if (!Number.isNaN(ahead) && !Number.isNaN(end)) tick();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || (form.getAttribute("method") || "get").toLowerCase() !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (!button) return;
    button.setAttribute("aria-disabled", "true");
    const label = button.querySelector("span") || button;
    if (button.dataset.busyText) { button.dataset.was = label.textContent; label.textContent = button.dataset.busyText; }
  });
  // Coming back with the browser's own button shows the page as it was left: let its forms be sent again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    all("form[data-sent]").forEach((form) => delete form.dataset.sent);
    all("[aria-disabled][data-was], form button[aria-disabled]").forEach((button) => {
      button.removeAttribute("aria-disabled");
      if (button.dataset.was) (button.querySelector("span") || button).textContent = button.dataset.was;
    });
  });

  // Typing in a search box reloads the list under it; the box keeps focus and caret because only `data-live-part` is exchanged.
  for (const form of all("form[data-live-search]")) {
    const box = form.querySelector("input[type=search]");
    let timer, controller;
    const run = async () => {
      const address = new URL(form.action);
      address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== "")).toString();
      address.hash = "";
      const here = all("[data-live-part]");
      if (!here.length) { form.requestSubmit(); return; }
      if (controller) controller.abort();
      controller = new AbortController();
      try {
        const response = await fetch(address, { signal: controller.signal, headers: { "X-Requested-With": "fetch" } });
        if (!response.ok) return;
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        for (const part of here) {
          const fresh = page.getElementById(part.id);
          if (fresh) part.replaceChildren(...fresh.childNodes);
        }
        history.replaceState(null, "", address);
      } catch (_aborted) { /* a later key was pressed, or the network is away: the button still works */ }
    };
    box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(run, 300); });
    all("select, input[type=checkbox], input[type=radio]", form).forEach((one) => one.addEventListener("change", run));
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.activeElement.closest("details.menu[open]") || document.querySelector("details.menu[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // Signing out leaves nothing on a device that others may use: not even answers that wait to be sent.
  document.addEventListener("submit", (event) => {
    if (!event.target.action.endsWith("/sign-out")) return;
    try {
      Object.keys(localStorage).filter((name) => name.startsWith("elearn.attempt.")).forEach((name) => localStorage.removeItem(name));
    } catch (_refused) { /* storage is switched off: nothing was kept */ }
  });

  // Progress of background work: asked for again and again, less often the longer it takes; at its end the page goes on.
  const watch = async (box, wait) => {
    let job;
    try {
      const answer = await fetch(box.dataset.job, { headers: { Accept: "application/json" }, cache: "no-store" });
      job = answer.ok ? await answer.json() : null;
    } catch (_offline) { job = null; }
    if (job && !["queued", "running"].includes(job.state)) {
      if (job.state === "done" && box.dataset.next) location.assign(box.dataset.next); else location.reload();
      return;
    }
    if (job) {
      const part = (name) => box.querySelector(`[data-part="${name}"]`);
      if (part("step").textContent !== job.step) part("step").textContent = job.step;
      part("bar").max = job.total || 1;
      part("bar").value = job.done;
      part("count").textContent = job.total ? `${job.done.toLocaleString(root.lang)}/${job.total.toLocaleString(root.lang)}` : "";
    }
    setTimeout(() => watch(box, Math.min(wait * 1.1, 5000)), wait);
  };
  all("[data-job]").forEach((box) => watch(box, 700));

  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();

  // A slip's QR code names the login behind #, which no server sees.
  const login = document.querySelector("input#login[autocomplete=username]");
  const named = new URLSearchParams(location.hash.slice(1)).get("u");
  if (login && named && !login.value) {
    login.value = named.slice(0, 80);
    document.querySelector("input#password")?.focus();
    history.replaceState(null, "", location.pathname + location.search);
  }
})();
