// Runs before the first paint so that a chosen theme or text size does not flash.
(function (root) {
  root.classList.add("js");
  try {
    var theme = localStorage.getItem("theme"), size = localStorage.getItem("text-size");
    if (theme && !("themeFixed" in root.dataset)) root.dataset.theme = theme;
    if (size) root.dataset.text = size;
  } catch (_blocked) { /* Without storage the device decides. */ }
})(document.documentElement);
