// The mark sheet: arrows and Enter move between cells, a block copied from Excel fills the cells from the one that has the focus on.
(function () {
  "use strict";
  var table = document.querySelector("[data-sheet]");
  if (!table) return;
  var rows = [].map.call(table.querySelectorAll("tbody tr"), function (row) { return [].slice.call(row.querySelectorAll("input[data-cell]")); });
  function place(cell) {
    for (var y = 0; y < rows.length; y += 1) { var x = rows[y].indexOf(cell); if (x >= 0) return { x: x, y: y }; }
    return null;
  }
  function go(x, y) { var cell = rows[y] && rows[y][x]; if (cell) { cell.focus(); cell.select(); } }
  table.addEventListener("keydown", function (event) {
    var at = place(event.target), cell = event.target;
    if (!at) return;
    if (event.key === "Enter" || event.key === "ArrowDown") { event.preventDefault(); go(at.x, at.y + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); go(at.x, at.y - 1); }
    else if (event.key === "ArrowRight" && cell.selectionEnd === cell.value.length) { event.preventDefault(); go(at.x + 1, at.y); }
    else if (event.key === "ArrowLeft" && cell.selectionStart === 0) { event.preventDefault(); go(at.x - 1, at.y); }
  });
  table.addEventListener("paste", function (event) {
    var at = place(event.target), text = event.clipboardData && event.clipboardData.getData("text/plain");
    if (!at || !text || !/[\t\n]/.test(text.replace(/\s+$/, ""))) return;
    event.preventDefault();
    text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").forEach(function (line, down) {
      line.split("\t").forEach(function (value, right) {
        var cell = rows[at.y + down] && rows[at.y + down][at.x + right];
        if (cell) { cell.value = value.trim(); cell.classList.add("cell-new"); }
      });
    });
  });
  table.addEventListener("input", function (event) { if (place(event.target)) event.target.classList.add("cell-new"); });
})();
