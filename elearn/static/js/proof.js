// A form of somebody without an account carries a proof of work: fetched and solved while the form is filled in, sent once.
(() => {
  "use strict";
  const FRESH = 25 * 60 * 1000; // the server takes it for thirty minutes
  for (const box of document.querySelectorAll("[data-proof]")) {
    const form = box.closest("form");
    const field = box.querySelector("input[name=proof]");
    const words = box.querySelector("[data-part=words]");
    const bar = box.querySelector("[data-part=bar]");
    const tell = (name) => { words.textContent = words.dataset[name]; };
    let solvedAt = 0, work = null;

    const solve = (parameters) => new Promise((resolve, reject) => {
      const worker = new Worker(box.dataset.worker);
      const end = (settle, value) => { worker.terminate(); settle(value); };
      worker.addEventListener("error", () => end(reject, new Error("worker")));
      worker.addEventListener("message", ({ data }) => {
        if (data.solution) end(resolve, data.solution);
        else if (data.failed) end(reject, new Error("unsolved"));
        else bar.value = data.done;
      });
      worker.postMessage(parameters);
    });

    const run = async () => {
      if (!window.Worker || !window.crypto || !crypto.subtle) { tell("unable"); return false; }
      tell("working");
      bar.value = 0;
      try {
        const answer = await fetch(box.dataset.proof, { headers: { Accept: "application/json" }, cache: "no-store" });
        if (!answer.ok) throw new Error("no challenge");
        const challenge = await answer.json();
        const solution = await solve(challenge.parameters);
        field.value = btoa(JSON.stringify({ challenge, solution }));
        solvedAt = Date.now();
        bar.value = 1;
        tell("done");
        return true;
      } catch (_offline) { tell("failed"); return false; }
    };
    const begin = () => { work ||= run().finally(() => { work = null; }); return work; };

    // Before the listener that sends forms once: a form that still waits for its proof has not been sent.
    form.addEventListener("submit", async (event) => {
      const button = event.submitter;
      if (button && button.name === "find") return;
      if (solvedAt && Date.now() - solvedAt < FRESH) return;
      event.preventDefault();
      if (await begin()) form.requestSubmit(button);
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) { solvedAt = 0; field.value = ""; begin(); } // what was sent cannot be sent again
    });
    begin();
  }
})();
