// Gaps: the stem holds {#1} where the control of gap 1 stands; choices that need room stand in groups below the stem.
(function (S) {
  'use strict';

  var words = S.words, PLACE = /\{#(\w+)\}/g;

  function holes(root) {
    var walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, null, false), found = [];
    while (walker.nextNode()) {
      PLACE.lastIndex = 0;
      if (PLACE.test(walker.currentNode.nodeValue)) { found.push(walker.currentNode); }
    }
    return found;
  }
  // Replaces every {#n} in the texts below `root` by what `make(n)` returns.
  function replace(root, make) {
    holes(root).forEach(function (node) {
      var text = node.nodeValue, at = 0, found, pieces = document.createDocumentFragment();
      PLACE.lastIndex = 0;
      while ((found = PLACE.exec(text))) {
        pieces.appendChild(document.createTextNode(text.slice(at, found.index)));
        at = found.index + found[0].length;
        // A comma or full stop never begins a line of its own.
        var control = make(found[1]), sign = /^[.,;:!?)\]”"]+/.exec(text.slice(at)), end = control;
        if (sign && control.nodeType === 1) {
          end = S.make('span', 'gap-end');
          end.appendChild(control);
          end.appendChild(document.createTextNode(sign[0]));
          at += sign[0].length;
        }
        pieces.appendChild(end);
      }
      pieces.appendChild(document.createTextNode(text.slice(at)));
      node.parentNode.replaceChild(pieces, node);
    });
  }

  S.controls.gaps = function (place) {
    var gaps = place.control.gaps, controls = {}, names = Object.keys(gaps).sort(function (one, other) { return Number(one) - Number(other); });
    place.box.className = 'gap-groups';

    function read() {
      var response = {}, isAny = false;
      names.forEach(function (name) {
        var value = controls[name].read();
        if (value !== null && value !== '' && !(Array.isArray(value) && !value.length)) { response[name] = value; isAny = true; }
      });
      return isAny ? response : null;
    }
    // A number with its unit is two fields side by side; both are read and set as one.
    function withUnit(name, gap) {
      var pair = S.make('span', 'gap-pair'), quantity = S.quantity(gap.units, S.fill(words.gap, { n: name }), S.fill(words.gap_unit, { n: name }));
      S.toggle(quantity.input, 'gap', true);
      S.toggle(quantity.select, 'gap', true);
      quantity.input.size = Math.min(gap.size || 10, 16);
      pair.appendChild(quantity.input);
      pair.appendChild(quantity.select);
      S.listen(quantity.input, place, read);
      quantity.select.addEventListener('change', function () { place.answer(read()); });
      controls[name] = quantity;
      return pair;
    }
    function inline(name, gap) {
      var isList = gap.kind === 'select', input = S.make(isList ? 'select' : 'input', 'input gap');
      input.setAttribute('aria-label', S.fill(words.gap, { n: name }));
      if (isList) {
        input.appendChild(new Option(words.choose_short, ''));
        (gap.options || []).forEach(function (text, index) { input.appendChild(new Option(text, S.label(index))); });
        input.addEventListener('change', function () { place.answer(read()); });
      } else {
        input.type = 'text';
        input.autocomplete = 'off';
        input.setAttribute('autocapitalize', 'none');
        input.spellcheck = false;
        input.maxLength = 200;
        input.size = Math.min(Math.max(gap.size || 12, 4), 24);
        if (gap.kind === 'number') { input.setAttribute('inputmode', 'decimal'); }
        S.listen(input, place, read);
      }
      controls[name] = {
        read: function () { return input.value.trim() === '' ? null : input.value; },
        set: function (value) {
          var text = value === null || value === undefined ? '' : String(value);
          if (input.value !== text && !(document.activeElement === input && input.value.trim() === text.trim())) { input.value = text; }
        },
        lock: function (isLocked) { if (isList) { input.disabled = isLocked; } else { input.readOnly = isLocked; } }
      };
      return input;
    }
    function group(name, gap) {
      var fieldset = S.make('fieldset', 'gap-group'), type = gap.kind;
      var options = S.make('div', 'options' + (gap.row ? ' options-row' : ''));
      fieldset.appendChild(S.make('legend', 'label', S.fill(words.gap, { n: name })));
      gap.options.forEach(function (html, index) {
        options.appendChild(S.option(type, place.name + '-gap-' + name, S.label(index), html, ''));
      });
      fieldset.appendChild(options);
      place.box.appendChild(fieldset);
      options.addEventListener('change', function () { S.markChosen(options); place.answer(read()); });
      controls[name] = {
        read: function () {
          var chosen = S.all('input:checked', options).map(function (input) { return input.value; });
          return type === 'checkbox' ? chosen : chosen[0] || null;
        },
        set: function (value) {
          S.all('input', options).forEach(function (input) {
            input.checked = Array.isArray(value) ? value.indexOf(input.value) >= 0 : value === input.value;
          });
          S.markChosen(options);
        },
        lock: function (isLocked) { S.all('input', options).forEach(function (input) { input.disabled = isLocked; }); }
      };
      return S.make('span', 'gap-mark', S.fill(words.gap_mark, { n: name }));
    }
    function make(name) {
      var gap = gaps[name];
      if (!gap || controls[name]) { return document.createTextNode(''); }
      if (gap.kind === 'radio' || gap.kind === 'checkbox') { return group(name, gap); }
      return gap.kind === 'number' && gap.units && gap.units.length ? withUnit(name, gap) : inline(name, gap);
    }

    replace(place.stem, make);
    S.toggle(place.stem, 'sit-stem-gaps', true);
    // A gap that the stem does not hold is asked below it rather than not at all.
    names.forEach(function (name) {
      if (controls[name]) { return; }
      var row = S.make('p', 'gap-row', S.fill(words.gap, { n: name }) + ' ');
      row.appendChild(make(name));
      place.box.appendChild(row);
    });
    return {
      set: function (response) { names.forEach(function (name) { controls[name].set((response || {})[name]); }); },
      lock: function (isLocked) { names.forEach(function (name) { controls[name].lock(isLocked); }); }
    };
  };
}(window.elearnSitting));
