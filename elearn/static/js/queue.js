// The queue before a start: asks for the place every few seconds, and begins by itself when it is the person's turn.
(() => {
  "use strict";
  const box = document.querySelector("[data-queue]");
  if (!box) return;
  const part = (name) => box.querySelector(`[data-part="${name}"]`);
  const words = part("words"), form = part("enter");
  const told = (seconds) => seconds < 60 ? words.dataset.soon : words.dataset.wait.replace("{minutes}", Math.ceil(seconds / 60));
  const ask = async () => {
    let wait = 10;
    try {
      const answer = await fetch(box.dataset.queue, { headers: { Accept: "application/json" }, cache: "no-store" });
      wait = Number(answer.headers.get("Retry-After")) || wait;
      if (answer.ok) {
        const now = await answer.json();
        if (now.state === "admitted") { form.hidden = false; form.requestSubmit(); return; }
        if (now.state !== "waiting") { words.textContent = now.message; setTimeout(() => location.assign(box.dataset.back), 4000); return; }
        part("place").textContent = now.place.toLocaleString(document.documentElement.lang);
        words.textContent = told(now.seconds);
      } else if (answer.status < 500) { location.reload(); return; }
    } catch (_offline) { words.textContent = words.dataset.offline; }
    setTimeout(ask, wait * 1000);
  };
  if (form.hidden) setTimeout(ask, Number(box.dataset.askAgain) * 1000); else form.requestSubmit();
})();
