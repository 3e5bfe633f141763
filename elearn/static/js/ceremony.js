// Arrow keys, the space bar and the buttons of a presenter go on and back.
(function () {
  'use strict';
  var GOES_ON = ['ArrowRight', 'ArrowDown', 'PageDown', ' '], GOES_BACK = ['ArrowLeft', 'ArrowUp', 'PageUp'];
  document.addEventListener('keydown', function (event) {
    if (event.target.closest('a, button, input')) { return; }
    var rel = GOES_ON.indexOf(event.key) >= 0 ? 'next' : GOES_BACK.indexOf(event.key) >= 0 ? 'prev' : '';
    var link = rel && document.querySelector('a[rel="' + rel + '"]');
    if (link) { event.preventDefault(); link.click(); }
  });
}());
