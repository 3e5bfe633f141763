// A question that is put right is read again while it is typed; its form works without this as well.
(function () {
  "use strict";
  var form = document.querySelector("form[data-reading]");
  var part = document.querySelector("[data-reading-part]");
  if (!form || !part || !window.fetch) return;
  var timer, controller;

  function read() {
    if (controller) controller.abort();
    controller = new AbortController();
    fetch(form.dataset.reading, { method: "POST", body: new FormData(form), signal: controller.signal, headers: { "X-Requested-With": "fetch" } })
      .then(function (answer) { return answer.ok ? answer.text() : null; })
      .then(function (html) {
        if (html === null) return;
        // The server made it from sanitised pieces, as it makes the whole page.
        var fresh = new DOMParser().parseFromString(html, "text/html");
        part.replaceChildren.apply(part, Array.prototype.slice.call(fresh.body.childNodes));
      })
      .catch(function () { /* a later key was pressed, or the network is away: the buttons still work */ });
  }

  form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(read, 400); });
  form.addEventListener("keydown", function (event) {
    // Saving without leaving the text: Ctrl or ⌘ with Enter.
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.querySelector("button[value=save]").click();
  });
  var left = false;
  form.addEventListener("submit", function () { left = true; });
  window.addEventListener("beforeunload", function (event) {
    var area = form.querySelector("textarea");
    if (!left && area && area.value !== area.defaultValue) event.preventDefault();
  });
})();
