// A table of a question scrolls inside its own box on a narrow screen, and the box can be reached with the keyboard.
(function () {
  'use strict';
  Array.prototype.forEach.call(document.querySelectorAll('[data-tables] table'), function (table) {
    var box = document.createElement('div'), within = table.parentNode;
    while (!within.hasAttribute('data-tables')) { within = within.parentNode; }
    box.className = 'sit-table';
    box.setAttribute('role', 'region');
    box.setAttribute('aria-label', within.getAttribute('data-tables'));
    box.tabIndex = 0;
    table.parentNode.replaceChild(box, table);
    box.appendChild(table);
  });
}());
