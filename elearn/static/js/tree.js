// The tree of units by keyboard: up and down between rows, right unfolds or goes in, left folds or goes to the row above.
// Unfolding exchanges only the list; without a script every sign is a plain link.
(() => {
  "use strict";
  const list = document.getElementById("list");
  if (!list) return;
  const rows = () => [...list.querySelectorAll("tr[data-level]")];
  const nameOf = (row) => row.querySelector("[data-tree-name]");

  const follow = async (link, id) => {
    try {
      const response = await fetch(link.href, { headers: { "X-Requested-With": "fetch" } });
      if (!response.ok) throw new Error(String(response.status));
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      list.replaceChildren(...page.getElementById("list").childNodes);
      history.replaceState(null, "", link.href);
      const row = document.getElementById(id);
      if (row) nameOf(row).focus();
    } catch (_away) { location.assign(link.href); }
  };

  list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-fold], [data-unfold]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    follow(link, link.closest("tr").id);
  });

  list.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-level]");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = rows(), at = all.indexOf(row), level = Number(row.dataset.level);
    const link = row.querySelector("[data-fold], [data-unfold]");
    let target = null;
    if (event.key === "ArrowDown") target = all[at + 1];
    else if (event.key === "ArrowUp") target = all[at - 1];
    else if (event.key === "Home") target = all[0];
    else if (event.key === "End") target = all[all.length - 1];
    else if (event.key === "ArrowRight") {
      if (link && link.hasAttribute("data-unfold")) { event.preventDefault(); follow(link, row.id); return; }
      if (all[at + 1] && Number(all[at + 1].dataset.level) > level) target = all[at + 1];
    } else if (event.key === "ArrowLeft") {
      if (link && link.hasAttribute("data-fold")) { event.preventDefault(); follow(link, row.id); return; }
      target = all.slice(0, at).reverse().find((one) => Number(one.dataset.level) < level);
    } else return;
    event.preventDefault();
    if (target) nameOf(target).focus();
  });
})();
