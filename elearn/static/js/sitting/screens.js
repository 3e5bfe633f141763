// What is seen: the question or all of them, the list of questions, the last look, and what the page has to say.
(function (S) {
  'use strict';

  var paper = S.paper, words = S.words, total = S.total;
  // Where one goes forward only, the other questions are not here: one at a time, whoever reads the screen.
  S.isList = !!paper.screen_reader && !S.isForward;
  S.screen = 'question';
  var blocks = [], savedTimer = null, lastAnnounced = {};

  // ── sentences: one place that screen readers hear, one bar for what has to be read
  S.announce = function (text) { S.one('[data-announce]').textContent = text; };
  // Sparse: the same question once in half a minute, when nothing follows within a second.
  S.announceSaved = function (slot) {
    if (lastAnnounced[slot] && S.now() - lastAnnounced[slot] < 30000) { return; }
    window.clearTimeout(savedTimer);
    savedTimer = window.setTimeout(function () {
      lastAnnounced[slot] = S.now();
      S.announce(slot === S.PREDICTION ? words.is_saved : S.fill(words.question_saved, { n: slot }));
    }, 1000);
  };
  S.trouble = function (text) {
    S.one('[data-offline-text]').textContent = text;
    S.one('[data-offline]').hidden = false;
    S.show();
  };
  S.online = function () { S.one('[data-offline]').hidden = true; };
  S.notice = function (text, link, linkText) {
    S.one('[data-notice-text]').textContent = text;
    var target = S.one('[data-notice-link]');
    target.hidden = !link;
    if (link) { target.href = link; target.textContent = linkText; }
    S.one('[data-notice]').hidden = false;
  };
  S.tell = function (text) {
    S.one('[data-told-text]').textContent = text;
    S.one('[data-told]').hidden = false;
  };
  S.storage = function (isFailing) { S.one('[data-storage]').hidden = !isFailing; };
  S.refusedAnswer = function (slot, text) { S.notice(S.fill(words.refused_answer, { n: slot }) + ' ' + text); };

  // ── forward only: the next question comes from the server
  S.isMoving = function () { return S.queue.some(function (item) { return item.kind === 'position'; }); };
  S.arrived = function (slot, question) {
    if (question) { paper.questions[slot - 1] = question; }
    paper.position = slot;
    S.here = slot;
    goTo(slot);
  };
  function drawMoving() {
    var isMoving = S.isForward && S.isMoving(), said = S.failures ? words.moving_offline : words.moving;
    S.all('[data-moving]').forEach(function (place) {
      place.hidden = !isMoving;
      if (place.textContent !== said) { place.textContent = said; }
    });
  }

  // ── building
  function cell(slot) {
    var isFixed = S.isForward, element = S.make(isFixed ? 'span' : 'button', 'cell');
    if (!isFixed) { element.type = 'button'; element.setAttribute('data-slot', slot); }
    element.setAttribute('data-cell', slot);
    return element;
  }
  function listOfCells(from, to) {
    var list = S.make('ol', 'palette');
    list.setAttribute('role', 'list');
    for (var slot = from; slot <= to; slot += 1) {
      var item = S.make('li');
      item.appendChild(cell(slot));
      list.appendChild(item);
    }
    return list;
  }
  function buildPalettes() {
    var last = S.isForward ? S.here : total;
    S.all('[data-palette]').forEach(function (place) {
      if (place.getAttribute('data-built') === String(last)) { return; }
      place.setAttribute('data-built', last);
      place.textContent = '';
      var from = 1;
      while (from <= last) {
        var section = S.sectionOf(from), to = from;
        while (to < last && (S.question(to + 1).section || 0) === (S.question(from).section || 0)) { to += 1; }
        if (section) { place.appendChild(S.make('p', 'palette-section', section.title)); }
        place.appendChild(listOfCells(from, to));
        from = to + 1;
      }
    });
  }
  S.build = function () {
    var first = S.one('[data-question-form]');
    if (paper.large_print) {
      document.documentElement.setAttribute('data-text', 'larger');
      document.body.classList.add('sit-large');
    }
    if (paper.screen_reader) { document.body.classList.add('sit-plain'); }
    if (S.isList) { document.body.classList.add('sit-list'); }
    if (S.isForward) { document.body.classList.add('sit-forward'); }
    S.one('[data-preview]').hidden = !S.isPreview;
    S.all('[data-forward-note]').forEach(function (note) { note.hidden = !S.isForward; });
    S.all('[data-ticks]').forEach(function (list) {
      for (var slot = 1; slot <= total; slot += 1) { list.appendChild(document.createElement('li')); }
    });
    if (S.isList) {
      var pattern = first.cloneNode(true), parent = first.parentNode;
      for (var slot = 1; slot <= total; slot += 1) {
        var element = slot === 1 ? first : parent.insertBefore(pattern.cloneNode(true), blocks[slot - 2].element.nextSibling);
        var block = S.makeBlock(element);
        blocks.push(block);
        block.draw(slot);
        S.note('shown', slot);
      }
      S.all('[data-save]').forEach(function (button) { button.hidden = false; });
    } else {
      blocks.push(S.makeBlock(first));
    }
  };
  S.block = function (slot) {
    return blocks.filter(function (block) { return block.slot() === slot; })[0] || blocks[0];
  };

  // ── drawing
  function cellLabel(slot) {
    return S.fill(words.question, { n: slot }) + ', ' + (!S.isAnswerable(slot) ? words.to_read : S.isAnswered(slot) ? words.answered : words.unanswered)
      + (S.flags[slot] ? ', ' + words.is_flagged : '');
  }
  function drawCells() {
    S.all('[data-cell]').forEach(function (element) {
      var at = Number(element.getAttribute('data-cell')), label = cellLabel(at);
      S.toggle(element, 'answered', S.isAnswered(at));
      S.toggle(element, 'read', !S.isAnswerable(at));
      if (element.getAttribute('data-said') !== label) {
        element.setAttribute('data-said', label);
        element.textContent = '';
        if (S.isForward) {
          var shown = S.make('span', '', at);
          shown.setAttribute('aria-hidden', 'true');
          element.appendChild(shown);
          element.appendChild(S.make('span', 'sr', label));
        } else {
          element.textContent = at;
          element.setAttribute('aria-label', label);
        }
        if (S.flags[at]) {
          var sign = S.make('span', 'cell-flag');
          sign.appendChild(S.icon('flag'));
          element.appendChild(sign);
        }
      }
      if (S.screen === 'question' && !S.isList && at === S.here) { element.setAttribute('aria-current', 'true'); } else { element.removeAttribute('aria-current'); }
    });
  }
  function reviewLinks(target, slots, level, describe) {
    target.textContent = '';
    if (!slots.length) { return; }
    var list = S.make('ul', S.isForward ? 'rows' : 'rows rows-links');
    list.setAttribute('role', 'list');
    slots.forEach(function (slot) {
      var item = S.make('li', 'row'), texts = S.make('div', 'row-words'), title = S.make(level, 'row-title');
      if (S.isForward) {
        title.textContent = S.fill(words.question, { n: slot });
      } else {
        var go = S.make('a', '', S.fill(words.question, { n: slot }));
        go.href = '#question-' + slot;
        go.setAttribute('data-slot', slot);
        title.appendChild(go);
      }
      texts.appendChild(title);
      texts.appendChild(S.make('p', 'row-body', describe(slot)));
      item.appendChild(texts);
      if (!S.isForward) { item.appendChild(S.icon('go')); }
      list.appendChild(item);
    });
    target.appendChild(list);
  }
  // The beginning of a question as it is asked here, gaps as dots.
  S.summary = function (slot) {
    var text = S.plain(S.question(slot).stem || '').replace(/\{#\w+\}/g, '…');
    return text.length > 100 ? text.slice(0, text.lastIndexOf(' ', 90)) + '…' : text;
  };
  function drawReview() {
    var slots = paper.questions.map(function (_, index) { return index + 1; });
    var open = slots.filter(function (slot) { return S.isAnswerable(slot) && !S.isAnswered(slot); });
    var unseen = S.isForward ? total - S.here : 0, seenOpen = open.filter(function (slot) { return !S.isForward || slot <= S.here; });
    var flagged = S.isForward ? [] : slots.filter(function (slot) { return S.flags[slot]; });
    S.one('[data-review-title]').textContent = open.length ? S.fill(words.review_open, { n: open.length }) : words.review_none;
    S.one('[data-review-lead]').textContent = unseen ? S.fill(words.lead_unseen, { n: unseen }) : S.isForward && open.length ? words.lead_forward
      : open.length ? words.lead_open : words.lead_none;
    S.one('[data-review-all-title]').textContent = S.isForward ? words.passed : S.fill(words.all, { n: total });
    reviewLinks(S.one('[data-review-unanswered]'), seenOpen, 'h2', S.summary);
    var title = S.one('[data-review-flagged-title]');
    title.hidden = !flagged.length;
    title.textContent = S.fill(words.flagged, { n: flagged.length });
    reviewLinks(S.one('[data-review-flagged]'), flagged, 'h3', function (slot) {
      return S.saved[slot] && S.isAnswered(slot) ? S.fill(words.answered_at, { time: S.clockText(S.saved[slot]) }) : words.not_yet;
    });
    if (S.data.has_prediction) {
      S.savedLine(S.one('[data-prediction-saved]'), S.PREDICTION);
      S.one('#prediction').disabled = S.readOnly || S.submitting;
    }
    var waits = S.waitingCount();
    S.one('[data-submit-note]').textContent = S.isPreview ? words.preview_submit
      : S.submitting ? (waits && S.failures ? S.fill(words.wait_queue, { n: waits }) : words.submitting)
        : S.fill(paper.late_policy === 'discard' ? words.deadline_discard : words.deadline_note, { time: S.deadlineText() });
    S.one('[data-submit]').disabled = S.readOnly || S.submitting;
  }
  function drawReadOnly() {
    var at = S.one('[data-readonly]');
    at.hidden = !S.readOnly;
    if (!S.readOnly) { return; }
    S.one('[data-readonly-text]').textContent = S.strays.length ? S.fill(words.taken_strays, { n: S.strays.length }) : words.taken;
    var list = S.one('[data-strays]');
    list.textContent = '';
    list.hidden = !S.strays.length;
    S.strays.forEach(function (stray) {
      var item = S.make('li');
      item.appendChild(S.make('b', '', S.fill(stray.slot === S.PREDICTION ? words.stray_prediction : words.stray_question, { n: stray.slot, time: S.clockText(stray.at) })));
      item.appendChild(S.make('span', 'stray-words', S.inWords(stray.slot, stray.response)));
      list.appendChild(item);
    });
  }
  function drawCounts() {
    var answered = 0, flagged = 0, all = 0;
    for (var slot = 1; slot <= total; slot += 1) {
      all += S.isAnswerable(slot) ? 1 : 0;
      answered += S.isAnswerable(slot) && S.isAnswered(slot) ? 1 : 0;
      flagged += S.flags[slot] ? 1 : 0;
    }
    S.all('[data-answered-count]').forEach(function (place) { place.textContent = answered; });
    S.all('[data-open-count]').forEach(function (place) { place.textContent = all - answered; });
    S.all('[data-flagged-count]').forEach(function (place) { place.textContent = flagged; });
    S.all('[data-ticks] li').forEach(function (mark, index) {
      mark.className = (S.isAnswered(index + 1) ? 'answered' : '') + (S.screen === 'question' && index + 1 === S.here ? ' here' : '');
    });
    S.all('[data-head-count]').forEach(function (place) {
      place.textContent = S.screen === 'late' ? words.late : S.screen === 'review' ? words.before : S.isList ? S.fill(words.done_count, { n: answered, all: all }) : S.fill(words.count, { n: S.here, all: total });
    });
  }
  S.show = function () {
    if (!blocks.length) { return; }
    buildPalettes();
    drawCounts();
    drawCells();
    drawReadOnly();
    drawMoving();
    S.all('[data-deadline]').forEach(function (place) { place.textContent = S.deadlineText(); });
    S.all('[data-next-text]').forEach(function (place) {
      // Three buttons share the bar of a phone.
      var last = place.hasAttribute('data-short') && !paper.screen_reader ? words.last_short : words.last;
      place.textContent = S.isList || S.here === total ? last : words.next;
    });
    S.all('[data-ticks]').forEach(function (list) { list.hidden = S.screen !== 'question'; });
    S.all('[data-go="next"]').forEach(function (button) { button.disabled = S.isForward && S.isMoving(); });
    S.all('[data-go="previous"]').forEach(function (button) { button.disabled = S.here === 1; button.hidden = S.isForward || S.isList; });
    S.one('[data-screen="question"]').hidden = S.screen !== 'question';
    S.one('[data-screen="review"]').hidden = S.screen !== 'review';
    S.one('[data-screen="late"]').hidden = S.screen !== 'late';
    S.one('[data-question-bar]').hidden = S.screen !== 'question';
    S.one('#palette').hidden = S.screen === 'late' || !!paper.screen_reader;
    S.all('[data-open-palette]').forEach(function (button) { button.hidden = !!paper.screen_reader; });
    S.one('[data-all-saved]').hidden = S.isPreview || S.queue.length > 0 || S.readOnly || Object.keys(S.drafts).length > 0;
    if (S.screen === 'review') { drawReview(); }
    if (S.screen !== 'question') { return; }
    if (!S.isList && blocks[0].slot() !== S.here) { blocks[0].draw(S.here); S.note('shown', S.here); }
    blocks.forEach(function (block) { block.update(); });
  };
  // While somebody types only the line below changes, not the whole page.
  S.showTyping = function (slot) {
    var block = S.block(slot);
    S.savedLine(S.one('[data-saved-line]', block.element), slot);
    drawCounts();
    drawCells();
  };

  // ── moving
  function goTo(slot) {
    S.flush();
    S.here = Math.min(Math.max(slot, 1), total);
    S.screen = 'question';
    S.closePalette();
    askEmpty(false);
    S.keep();
    S.show();
    var stem = S.one('[data-stem]', S.block(S.here).element);
    if (S.isList) { stem.scrollIntoView(); } else { window.scrollTo(0, 0); }
    stem.focus({ preventScroll: true });
  }
  S.goTo = goTo;
  S.goNext = function (isSure) {
    S.flush();
    if (S.isList || S.here === total) { S.review(); return; }
    if (!S.isForward) { goTo(S.here + 1); return; }
    if (S.isMoving() || S.readOnly) { return; }
    if (!isSure && S.isAnswerable(S.here) && !S.isAnswered(S.here)) { askEmpty(true); return; }
    askEmpty(false);
    if (S.isPreview) { S.arrived(S.here + 1); return; }
    S.enqueue('position', S.here + 1);
  };
  // Leaving a question empty cannot be undone: said in words before it happens.
  function askEmpty(isAsked) {
    var box = S.one('[data-empty]');
    box.hidden = !isAsked;
    if (!isAsked) { return; }
    box.scrollIntoView({ block: 'center' });
    S.one('[data-empty-stay]').focus({ preventScroll: true });
  }
  S.stay = function () {
    askEmpty(false);
    S.one('[data-stem]', S.block(S.here).element).focus();
  };
  S.review = function () {
    S.flush();
    S.screen = 'review';
    S.closePalette();
    askEmpty(false);
    if (S.data.has_prediction && S.prediction !== null && S.prediction !== undefined) { S.one('#prediction').value = S.shownPrediction(); }
    S.show();
    S.sendNotes();
    window.scrollTo(0, 0);
    S.one('[data-review-title]').focus({ preventScroll: true });
  };
  S.openPalette = function () {
    S.one('#palette').setAttribute('data-open', '');
    S.all('[data-open-palette]').forEach(function (button) { button.setAttribute('aria-expanded', 'true'); });
    S.one('[data-close-palette]').focus();
  };
  S.closePalette = function () {
    if (!S.one('#palette').hasAttribute('data-open')) { return; }
    S.one('#palette').removeAttribute('data-open');
    S.all('[data-open-palette]').forEach(function (button) { button.setAttribute('aria-expanded', 'false'); });
  };
}(window.elearnSitting));
