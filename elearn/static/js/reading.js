// A lesson: takes the reader back to where they were, and tells the server where they are now.
(function () {
  'use strict';

  var place = document.querySelector('[data-position]');
  if (!place || !window.fetch) { return; }
  var part = Number(place.getAttribute('data-part'));
  var sent = Number(place.getAttribute('data-offset'));
  var timer = null;
  var isLeaving = false;

  function range() { return Math.max(1, document.documentElement.scrollHeight - window.innerHeight); }
  function offset() { return Math.max(0, Math.min(1000, Math.round(window.scrollY / range() * 1000))); }
  function send() {
    var now = offset();
    if (isLeaving) { return; }
    if (Math.abs(now - sent) < 20) { return; }
    sent = now;
    fetch(place.getAttribute('data-position'), {
      method: 'POST', credentials: 'same-origin', keepalive: true,
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': place.getAttribute('data-csrf') },
      body: JSON.stringify({ part: part, offset: now })
    }).catch(function () { sent = -1000; }); // not saved: the next stop tries again
  }

  if (sent > 0 && !window.location.hash) {
    window.addEventListener('load', function () { window.scrollTo(0, sent / 1000 * range()); });
  }
  window.addEventListener('scroll', function () {
    window.clearTimeout(timer);
    timer = window.setTimeout(send, 1500);
  }, { passive: true });
  window.addEventListener('pagehide', send);
  // "Tiếp tục" moves the place on by itself: what this page knows must not arrive after it.
  document.addEventListener('submit', function () { isLeaving = true; window.clearTimeout(timer); });
  window.addEventListener('pageshow', function (event) { if (event.persisted) { isLeaving = false; } });
}());
