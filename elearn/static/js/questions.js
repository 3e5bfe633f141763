// The editor of questions: a fresh preview while one types, one right option where there is only one; fields of the bulk bar as they are needed.
(() => {
  "use strict";
  const form = document.getElementById("editor");
  const preview = document.getElementById("preview");

  if (form && preview) {
    let timer, controller;
    const run = async () => {
      if (controller) controller.abort();
      controller = new AbortController();
      const sent = new FormData(form);
      sent.delete("picture");
      sent.delete("do");
      try {
        const response = await fetch(form.dataset.preview, { method: "POST", body: sent, signal: controller.signal });
        if (!response.ok) return;
        const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
        preview.replaceChildren(...fresh.body.childNodes);
      } catch (_aborted) { /* a later key was pressed, or the network is away: the button still works */ }
    };
    form.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      clearTimeout(timer);
      timer = setTimeout(run, 600);
    });
    if (form.dataset.preview.endsWith("/single_choice")) {
      form.addEventListener("change", (event) => {
        if (!/^options-\d+-right$/.test(event.target.name) || !event.target.checked) return;
        form.querySelectorAll("input[type=checkbox][name$='-right']").forEach((one) => { if (one !== event.target) one.checked = false; });
      });
    }
  }

  // After a row was added the page comes back where the button stood.
  const moved = form && form.dataset.moved && document.getElementById(form.dataset.moved);
  if (moved) moved.scrollIntoView({ block: "center" });

  const what = document.getElementById("bulk-what");
  if (what) {
    const show = () => document.querySelectorAll("[data-bulk]").forEach((field) => {
      field.hidden = !field.dataset.bulk.split(" ").includes(what.value);
    });
    what.addEventListener("change", show);
    show();
  }
})();
