// A part of a page that keeps itself up to date: asks again every few seconds and exchanges it only where the server says that it has changed.
(() => {
  "use strict";
  const box = document.querySelector("[data-refresh]");
  if (!box) return;
  let tag = "";
  const again = () => setTimeout(look, 1000 * Number(box.dataset.refresh));
  const look = async () => {
    try {
      const answer = await fetch(location.href, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.status === 200) {
        const isFirst = !tag;
        tag = answer.headers.get("ETag") || "";
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(box.id);
        if (fresh && (!isFirst || fresh.innerHTML !== box.innerHTML)) box.innerHTML = fresh.innerHTML;
      }
    } catch (_offline) { /* what stands there stays until the network is back */ }
    again();
  };
  again();
})();
