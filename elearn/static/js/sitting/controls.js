// Controls that take an answer, one function a kind. Each draws into `place.box` (gaps: into the stem) and returns `set(response)`,
// `lock(isLocked)`; it reports with `place.answer(response)` what was chosen and with `place.typed(response)` what is being typed.
(function (S) {
  'use strict';

  var words = S.words;
  S.controls = {};

  function labelled(place, text, control, id) {
    var label = S.make('label', 'label', text);
    control.id = id;
    label.htmlFor = id;
    place.appendChild(label);
    place.appendChild(control);
  }
  // A value is put in only where it differs: the caret of somebody who types stays where it is.
  function put(input, value) { if (input.value !== value) { input.value = value; } }
  function marker(numbering, index) {
    var roman = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'][index];
    if (numbering === '123') { return String(index + 1); }
    if (numbering === 'IIII') { return roman || String(index + 1); }
    if (numbering === 'iii') { return (roman || String(index + 1)).toLowerCase(); }
    if (numbering === 'abc') { return S.label(index).toLowerCase(); }
    return numbering === 'ABC' ? S.label(index) : '';
  }
  S.option = function (type, name, value, html, mark) {
    var label = S.make('label', 'option'), input = document.createElement('input'), text = document.createElement('span');
    input.type = type;
    input.name = name;
    input.value = value;
    S.putHtml(text, html);
    label.appendChild(input);
    if (mark) { label.appendChild(S.make('b', 'option-mark', mark + '.')); }
    label.appendChild(text);
    return label;
  };
  S.markChosen = function (root) {
    S.all('input', root).forEach(function (input) { S.toggle(input.parentNode, 'chosen', input.checked); });
  };

  // ── one or several of the options shown
  function choices(type) {
    return function (place) {
      place.box.className = 'options';
      // Marks are shown where the author asked for them; the letters of the keyboard work either way.
      place.control.options.forEach(function (html, index) {
        place.box.appendChild(S.option(type, place.name, S.label(index), html, marker(place.control.numbering, index)));
      });
      place.box.addEventListener('change', function () {
        var chosen = S.all('input:checked', place.box).map(function (input) { return input.value; });
        S.markChosen(place.box);
        place.answer(type === 'checkbox' ? chosen : chosen[0]);
      });
      return {
        set: function (response) {
          S.all('input', place.box).forEach(function (input) {
            input.checked = type === 'checkbox' ? (response || []).indexOf(input.value) >= 0 : response === input.value;
          });
          S.markChosen(place.box);
        },
        lock: function (isLocked) { S.all('input', place.box).forEach(function (input) { input.disabled = isLocked; }); }
      };
    };
  }
  S.controls.radio = choices('radio');
  S.controls.checkbox = choices('checkbox');

  // ── one line of text
  S.controls.text = function (place) {
    var input = S.make('input', 'input');
    input.type = 'text';
    input.autocomplete = 'off';
    input.setAttribute('autocapitalize', 'none');
    input.spellcheck = false;
    input.maxLength = 500;
    place.box.className = 'sit-answer';
    labelled(place.box, words.your_answer, input, place.name + '-text');
    listen(input, place, function () { return input.value.trim() === '' ? null : input.value; });
    return {
      set: function (response) { if (document.activeElement !== input || input.value.trim() !== (response || '').trim()) { put(input, response || ''); } },
      lock: function (isLocked) { input.readOnly = isLocked; }
    };
  };
  // While typing after a pause, at once on leaving the field or with Enter.
  function listen(input, place, read) {
    input.addEventListener('input', function () { place.typed(read(), 1.5); });
    input.addEventListener('change', function () { place.answer(read()); });
    input.addEventListener('blur', function () { place.flush(); });
  }
  S.listen = listen;

  // ── a number, with its unit where units are known
  // Both fields as one answer: "3,14 m".
  S.quantity = function (units, label, unitLabel) {
    var input = S.make('input', 'input'), select = null;
    input.type = 'text';
    input.setAttribute('inputmode', 'decimal');
    input.autocomplete = 'off';
    input.maxLength = 60;
    if (label) { input.setAttribute('aria-label', label); }
    if (units && units.length) {
      select = S.make('select', 'input');
      if (unitLabel) { select.setAttribute('aria-label', unitLabel); }
      select.appendChild(new Option(words.choose_unit, ''));
      units.forEach(function (unit) { select.appendChild(new Option(unit, unit)); });
    }
    function parts(response) {
      var text = String(response === null || response === undefined ? '' : response).trim();
      var found = (units || []).filter(function (unit) { return text.length > unit.length && text.slice(-unit.length) === unit; })
        .sort(function (one, other) { return other.length - one.length; })[0];
      return found ? [text.slice(0, -found.length).trim(), found] : [text, ''];
    }
    return {
      input: input, select: select,
      read: function () {
        var number = input.value.trim();
        return !number ? null : select && select.value ? number + ' ' + select.value : number;
      },
      set: function (response) {
        var both = parts(response);
        if (document.activeElement === input && String(response || '').indexOf(input.value.trim()) === 0) { return; }
        put(input, both[0]);
        // A unit chosen before the number is not taken away again.
        if (select && both[0] && select.value !== both[1]) { select.value = both[1]; }
      },
      lock: function (isLocked) { input.readOnly = isLocked; if (select) { select.disabled = isLocked; } }
    };
  };
  S.controls.number = function (place) {
    var quantity = S.quantity(place.control.units), value = S.make('div', 'sit-number-value');
    place.box.className = 'sit-answer sit-number-answer';
    labelled(value, words.your_number, quantity.input, place.name + '-number');
    place.box.appendChild(value);
    if (quantity.select) {
      var unit = S.make('div', 'sit-number-unit');
      labelled(unit, words.unit, quantity.select, place.name + '-unit');
      place.box.appendChild(unit);
      quantity.select.addEventListener('change', function () { place.answer(quantity.read()); });
    }
    listen(quantity.input, place, quantity.read);
    return quantity;
  };

  // ── to each row its counterpart
  S.controls.match = function (place) {
    var choices = place.control.choices, areLong = choices.some(function (text) { return text.length > 28; });
    var box = place.box, selects = [];
    box.className = 'match';
    if (areLong) { // a list on a phone cuts long words off: they are read above, lettered, and chosen by letter
      var key = S.make('ol', 'match-key');
      key.setAttribute('role', 'list');
      choices.forEach(function (text, index) {
        var item = S.make('li');
        item.appendChild(S.make('b', '', S.label(index) + '.'));
        item.appendChild(S.make('span', '', text));
        key.appendChild(item);
      });
      box.appendChild(key);
    }
    place.control.rows.forEach(function (html, index) {
      var row = S.make('div', 'match-row'), label = S.make('label', 'match-left'), select = S.make('select', 'input');
      select.id = place.name + '-row-' + index;
      label.htmlFor = select.id;
      S.putHtml(label, html);
      select.appendChild(new Option(words.choose, ''));
      choices.forEach(function (text, at) { select.appendChild(new Option(areLong ? S.label(at) + '. ' + text : text, S.label(at))); });
      row.appendChild(label);
      row.appendChild(select);
      box.appendChild(row);
      selects.push(select);
    });
    box.addEventListener('change', function () {
      var response = selects.map(function (select) { return select.value || null; });
      place.answer(response.some(function (label) { return label; }) ? response : null);
    });
    return {
      set: function (response) { selects.forEach(function (select, index) { select.value = (response && response[index]) || ''; }); },
      lock: function (isLocked) { selects.forEach(function (select) { select.disabled = isLocked; }); }
    };
  };

  // ── an order: two buttons a line, or the arrow keys on them
  S.controls.sort = function (place) {
    var count = place.control.items.length, items = [], order = [];
    var list = S.make('ol', 'sort-list'), stay = S.button('button button-small sort-stay', words.keep_order);
    list.setAttribute('role', 'list');
    place.control.items.forEach(function (html, index) {
      var item = S.make('li', 'sort-item'), text = S.make('div', 'sort-text');
      S.putHtml(text, html);
      item.appendChild(S.make('b', 'sort-number figures'));
      item.appendChild(text);
      ['up', 'down'].forEach(function (way) {
        var button = S.make('button', 'icon-button');
        button.type = 'button';
        button.setAttribute('data-way', way);
        button.appendChild(S.icon('arrow-' + way));
        button.addEventListener('click', function () { move(index, way === 'up' ? -1 : 1, way); });
        button.addEventListener('keydown', function (event) {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') { return; }
          event.preventDefault();
          move(index, event.key === 'ArrowUp' ? -1 : 1, event.key === 'ArrowUp' ? 'up' : 'down');
        });
        item.appendChild(button);
      });
      items.push(item);
      order.push(index);
    });
    place.box.className = '';
    place.box.appendChild(list);
    place.box.appendChild(stay);
    stay.addEventListener('click', function () { answer(); });
    function answer() { place.answer(order.map(S.label)); }
    function move(index, by, way) {
      var from = order.indexOf(index), to = from + by;
      if (to < 0 || to >= count || items[index].hasAttribute('data-locked')) { return; }
      order.splice(from, 1);
      order.splice(to, 0, index);
      draw();
      var button = S.one('[data-way="' + way + '"]', items[index]);
      (button.disabled ? S.one('[data-way="' + (way === 'up' ? 'down' : 'up') + '"]', items[index]) : button).focus();
      S.announce(S.fill(words.now_at, { n: to + 1, all: count }));
      answer();
    }
    function draw() {
      order.forEach(function (index, at) {
        var item = items[index], isLocked = item.hasAttribute('data-locked'), said = S.plain(place.control.items[index]).slice(0, 60);
        if (list.children[at] !== item) { list.insertBefore(item, list.children[at] || null); }
        S.one('.sort-number', item).textContent = at + 1;
        S.all('button', item).forEach(function (button) {
          var isUp = button.getAttribute('data-way') === 'up';
          button.disabled = isLocked || (isUp ? at === 0 : at === count - 1);
          button.setAttribute('aria-label', S.fill(isUp ? words.move_up : words.move_down, { item: said }));
        });
      });
    }
    return {
      set: function (response) {
        var wanted = response && response.length === count
          ? response.map(function (label) { return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(label); })
          : order;
        stay.hidden = !!response;
        if (!S.same(wanted, order) || !list.children.length) { order = wanted.slice(); }
        draw();
      },
      lock: function (isLocked) {
        items.forEach(function (item) {
          if (isLocked) { item.setAttribute('data-locked', ''); } else { item.removeAttribute('data-locked'); }
        });
        stay.disabled = isLocked;
        draw();
      }
    };
  };

  S.controls.none = function (place) {
    place.box.className = '';
    return { set: function () {}, lock: function () {} };
  };
}(window.elearnSitting));
