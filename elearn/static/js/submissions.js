// A draft saves itself while it is typed, a moment after the last key; what could not be sent stays on the page and is tried again.
(function () {
  "use strict";
  var form = document.querySelector("form[data-autosave]");
  if (!form || !window.FormData || !window.XMLHttpRequest) return;
  var words = form.dataset;
  var state = form.querySelector("[data-part=state]");
  var dirty = false, sending = false, leaving = false, timer = null;

  function say(text, isWaiting) {
    state.textContent = text;
    state.className = "saved-note" + (isWaiting ? " waiting" : "");
  }
  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }
  function send() {
    if (sending || !dirty || leaving) return;
    sending = true;
    dirty = false;
    var data = new FormData();
    Array.prototype.forEach.call(form.elements, function (box) {
      if (box.name && box.type !== "file" && box.type !== "submit") data.append(box.name, box.value);
    });
    var request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.timeout = 20000;
    say(words.saving, false);
    request.onloadend = function () {
      sending = false;
      var told = {};
      try { told = JSON.parse(request.responseText); } catch (_noJson) { /* an answer of something in between */ }
      if (request.status === 200 && told.revision) {
        form.elements.revision.value = told.revision;
        say(words.saved + " " + told.saved_at + ".", false);
        if (dirty) later(1500);
        return;
      }
      dirty = true;
      if (request.status >= 400 && request.status < 500 && told.message) { say(told.message, true); return; }  // a refusal: the buttons will show it
      say(words.waiting, true);
      later(10000);
    };
    request.send(data);
  }
  form.addEventListener("input", function (event) {
    if (event.target.type === "file") return;
    dirty = true;
    later(1500);
  });
  form.addEventListener("submit", function () { leaving = true; clearTimeout(timer); });
  window.addEventListener("online", function () { later(0); });
  window.addEventListener("beforeunload", function (event) {
    if (leaving || !(dirty || sending)) return;
    event.preventDefault();
    event.returnValue = "";
  });
})();
