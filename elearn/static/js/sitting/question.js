// One question as it is drawn: section, number, stem, control, certainty, what became of the answer, and a report about the question.
(function (S) {
  'use strict';

  var paper = S.paper, words = S.words;
  var total = paper.questions.length;

  S.total = total;
  S.question = function (slot) { return paper.questions[slot - 1]; };
  S.kind = function (slot) { var control = S.question(slot).control; return control ? control.kind : ''; };
  S.isAnswerable = function (slot) { return S.kind(slot) !== 'none'; };
  S.isAnswered = function (slot) {
    var response = S.responses[slot];
    if (response === null || response === undefined || response === '') { return false; }
    if (Array.isArray(response)) { return response.some(function (label) { return label !== null && label !== ''; }); }
    if (typeof response === 'object') {
      return Object.keys(response).some(function (name) {
        var part = response[name];
        return Array.isArray(part) ? part.length > 0 : part !== null && String(part).trim() !== '';
      });
    }
    return true;
  };
  S.isChecking = function (slot) { return S.queue.some(function (item) { return item.kind === 'check' && item.body.slot === slot; }); };
  S.isLocked = function (slot) {
    return S.readOnly || S.submitting || !!S.checked[slot] || S.isChecking(slot) || (S.isForward && (slot !== S.here || S.isMoving()));
  };
  // For display only, to three places: 3 × 0.1 is said as 0,3.
  function times(mark, factor) { return String(Math.round(Number(mark) * factor * 1000) / 1000).replace('.', ',').replace('-', '−'); }
  function decimal(mark) { return times(mark, 1); }
  S.markText = function (mark) { return S.fill(words.mark, { n: decimal(mark) }); };

  S.certaintyHint = function (level, mark) {
    return S.fill([words.certain_1, words.certain_2, words.certain_3][level - 1], {
      gain: times(mark, level), loss: times(mark, [0, 2, 6][level - 1])
    });
  };

  // The section of a question; null where the paper has none, or one without a title.
  S.sectionOf = function (slot) {
    var sections = paper.sections || [], index = S.question(slot).section || 0;
    return sections[index] && sections[index].title ? { index: index, title: sections[index].title, intro: sections[index].intro || '' } : null;
  };
  S.beginsSection = function (slot) {
    var section = S.sectionOf(slot);
    return !!section && (slot === 1 || (S.question(slot - 1).section || 0) !== section.index);
  };

  S.makeBlock = function (element) {
    var slot = 0, control = null;
    var box = S.one('[data-options]', element), stem = S.one('[data-stem]', element), body = S.one('[data-body]', element);
    var certainty = S.one('[data-certainty]', element), report = S.one('[data-report]', element);

    function place(question) {
      return {
        slot: slot, control: question.control, box: box, stem: stem, name: 'answer-' + slot,
        answer: function (response) {
          if (S.isLocked(slot)) { update(); return; }
          var isKnown = S.same(response, S.responses[slot]) && !(slot in S.drafts) && S.responses[slot] !== undefined;
          if (!isKnown) { S.enqueue('responses', slot, response === undefined ? null : response); }
        },
        typed: function (response, pause) { if (!S.isLocked(slot)) { S.typed(slot, response, pause); } },
        flush: function () { S.flush(slot); }
      };
    }
    function drawSection() {
      var section = S.sectionOf(slot), isFirst = S.beginsSection(slot), at = S.one('[data-section]', element);
      at.hidden = !section;
      if (!section) { return; }
      S.one('[data-section-title]', at).textContent = section.title;
      S.toggle(at, 'sit-section-first', isFirst);
      var intro = S.one('[data-section-intro]', at);
      intro.hidden = !isFirst || !section.intro;
      if (isFirst) { S.putHtml(intro, section.intro); }
    }
    function drawCertainty(question) {
      certainty.hidden = !paper.certainty || !S.isAnswerable(slot) || S.kind(slot) === 'essay';
      if (certainty.hidden) { return; }
      S.all('input', certainty).forEach(function (input) {
        input.name = 'certainty-' + slot;
        S.one('[data-certainty-hint="' + input.value + '"]', certainty).textContent = S.certaintyHint(Number(input.value), question.max || '1');
      });
    }
    function draw(number) {
      slot = number;
      var question = S.question(slot), isGroup = ['radio', 'checkbox', 'match', 'sort', 'gaps'].indexOf(S.kind(slot)) >= 0;
      element.setAttribute('data-slot-shown', slot);
      S.one('[data-number]', element).textContent = S.fill(words.count, { n: slot, all: total });
      S.one('[data-number]', element).id = 'number-' + slot;
      drawSection();
      stem.id = 'stem-' + slot;
      stem.className = 'sit-stem';
      S.putHtml(stem, question.stem || '');
      var credit = question.control && words['credit_' + question.control.credit], mark = question.max && Number(question.max) !== 1;
      var isCostly = paper.wrong_penalty && !paper.certainty && S.isAnswerable(slot) && S.kind(slot) !== 'essay';
      var cost = isCostly ? S.fill(words.penalty, { n: times(question.max || '1', Number(paper.wrong_penalty)) }) : '';
      S.one('[data-hint]', element).textContent = [question.hint, credit, mark && S.isAnswerable(slot) ? S.markText(question.max) : '', cost]
        .filter(function (part) { return part; }).join(' ');
      box.textContent = '';
      var fresh = box.cloneNode(false); // without the listeners of the question before
      box.parentNode.replaceChild(fresh, box);
      box = fresh;
      if (isGroup) {
        body.setAttribute('role', S.kind(slot) === 'radio' ? 'radiogroup' : 'group');
        body.setAttribute('aria-labelledby', S.kind(slot) === 'gaps' ? 'number-' + slot : 'stem-' + slot);
      } else {
        body.removeAttribute('role');
        body.removeAttribute('aria-labelledby');
      }
      S.toggle(body, 'body-gaps', S.kind(slot) === 'gaps');
      control = (S.controls[S.kind(slot)] || S.controls.none)(place(question));
      drawCertainty(question);
      drawReport();
      S.all('[data-only-answer]', element).forEach(function (part) { part.hidden = !S.isAnswerable(slot); });
      update();
    }
    function update() {
      if (!control) { return; }
      var isLocked = S.isLocked(slot), response = S.responses[slot];
      control.set(response === undefined ? null : response);
      control.lock(isLocked);
      S.savedLine(S.one('[data-saved-line]', element), slot);
      var clear = S.one('[data-clear-choice]', element);
      clear.hidden = isLocked || S.kind(slot) !== 'radio' || !S.isAnswered(slot) || !(paper.certainty || paper.wrong_penalty);
      S.all('input', certainty).forEach(function (input) {
        input.checked = S.certainties[slot] === Number(input.value);
        input.disabled = isLocked;
      });
      S.markChosen(certainty);
      var flag = S.one('[data-flag]', element);
      flag.setAttribute('aria-pressed', S.flags[slot] ? 'true' : 'false');
      flag.disabled = S.readOnly || S.submitting;
      flag.hidden = S.isForward;
      updateReport();
      updateOlder();
      updateCheck();
    }

    // ── what the quiz shows of a question while it is sat; whoever looks cannot change the answer any more
    function updateCheck() {
      var at = S.one('[data-check]', element), result = S.results[slot], shown = S.one('[data-check-result]', at);
      var mayLook = paper.may_check && S.isAnswerable(slot) && S.kind(slot) !== 'essay' && !S.isPreview;
      at.hidden = !mayLook || (!S.isAnswered(slot) && !S.checked[slot]);
      if (at.hidden) { return; }
      var button = S.one('[data-check-ask]', at);
      button.hidden = !!result || S.readOnly || S.submitting;
      button.disabled = S.isChecking(slot);
      S.one('[data-check-hint]', at).hidden = !!result || !!S.checked[slot];
      shown.hidden = !result;
      if (result && shown.getAttribute('data-of') !== String(slot)) { drawResult(shown, result); }
      if (!result) { shown.removeAttribute('data-of'); }
    }
    function drawResult(shown, result) {
      shown.setAttribute('data-of', slot);
      shown.textContent = '';
      if (result.is_right !== null) {
        var isPartly = !result.is_right && result.mark !== null && Number(result.mark) > 0;
        var verdict = S.make('p', 'check-verdict' + (result.is_right ? ' is-right' : ''));
        verdict.appendChild(S.icon(result.is_right ? 'saved' : 'wrong'));
        verdict.appendChild(S.make('b', '', result.is_right ? words.is_right : isPartly ? words.is_partly : words.is_wrong));
        if (result.mark !== null) { verdict.appendChild(S.make('span', 'figures', S.fill(words.mark_of, { n: decimal(result.mark), max: decimal(result.max) }))); }
        shown.appendChild(verdict);
      }
      var isChoice = ['radio', 'checkbox'].indexOf(S.kind(slot)) >= 0, rights = [];
      result.lines.forEach(function (line) {
        if (isChoice ? line.label && line.is_right : line.right) { rights.push(isChoice ? S.plain(line.html) : (result.lines.length > 1 ? line.label + '. ' : '') + line.right); }
      });
      if (rights.length) { shown.appendChild(S.make('p', '', words.key_is + ' ' + rights.join('; '))); }
      result.lines.forEach(function (line) {
        if (!line.feedback || (isChoice && line.label && !line.is_chosen)) { return; }
        var said = S.make('div', 'line-feedback');
        S.putHtml(said, line.feedback);
        shown.appendChild(said);
      });
      if (result.explanation) {
        var why = S.make('div', 'prose');
        S.putHtml(why, result.explanation);
        shown.appendChild(why);
      }
      S.announce(S.plain(shown.innerHTML).slice(0, 200));
    }

    // ── an older answer that was typed on another page and never sent
    function updateOlder() {
      var older = S.older[slot], at = S.one('[data-older]', element);
      at.hidden = !older || S.isLocked(slot);
      if (!at.hidden) {
        S.one('[data-older-text]', at).textContent = S.fill(words.older, { time: S.clockText(older.at) }) + ' ' + S.inWords(slot, older.response);
      }
    }

    // ── "Câu hỏi có vấn đề?"
    function drawReport() {
      var panel = S.one('[data-report-panel]', report), text = S.one('textarea', report);
      panel.hidden = true;
      text.value = '';
      text.id = 'report-' + slot;
      S.one('label', report).htmlFor = text.id;
      panel.id = 'report-panel-' + slot;
      S.one('[data-report-open]', report).setAttribute('aria-controls', panel.id);
      S.one('[data-report-error]', report).hidden = true;
      openReport(false);
    }
    function openReport(isOpen) {
      S.one('[data-report-panel]', report).hidden = !isOpen;
      S.one('[data-report-open]', report).setAttribute('aria-expanded', isOpen ? 'true' : 'false');
    }
    function updateReport() {
      var state = S.reported[slot], opener = S.one('[data-report-open]', report), done = S.one('[data-report-done]', report);
      report.hidden = S.isPreview;
      opener.hidden = !!state || S.readOnly || S.submitting;
      done.hidden = !state;
      S.one('[data-report-done-text]', done).textContent = state === 'waiting' && S.failures ? words.report_waiting : words.report_done;
      if (state) { openReport(false); }
    }
    function sendReport() {
      var text = S.one('textarea', report), said = text.value.trim(), error = S.one('[data-report-error]', report);
      error.hidden = said.length >= 5;
      if (!error.hidden) { text.setAttribute('aria-invalid', 'true'); text.focus(); return; }
      text.removeAttribute('aria-invalid');
      S.enqueue('reports', slot, said);
      openReport(false);
      S.announce(words.report_done);
      S.one('[data-report-done]', report).focus();
    }

    element.addEventListener('submit', function (event) { event.preventDefault(); S.flush(); });
    element.addEventListener('click', function (event) {
      var target = S.above(event.target, function (one) { return one.tagName === 'BUTTON'; });
      if (!target) { return; }
      if (target.hasAttribute('data-flag')) { S.enqueue('flags', slot, !S.flags[slot]); }
      else if (target.hasAttribute('data-clear-choice')) { S.enqueue('responses', slot, null); S.one('input', box).focus(); }
      else if (target.hasAttribute('data-save')) { S.flush(); S.announce(S.isAnswered(slot) ? S.savedText(slot) : words.nothing); }
      else if (target.hasAttribute('data-check-ask')) { S.flush(); S.enqueue('check', slot); }
      else if (target.hasAttribute('data-report-open')) {
        var isOpen = target.getAttribute('aria-expanded') !== 'true';
        openReport(isOpen);
        if (isOpen) { S.one('textarea', report).focus(); }
      }
      else if (target.hasAttribute('data-report-send')) { sendReport(); }
      else if (target.hasAttribute('data-report-cancel')) { openReport(false); S.one('[data-report-open]', report).focus(); }
      else if (target.hasAttribute('data-older-use')) {
        var older = S.older[slot];
        delete S.older[slot];
        if (older.certainty) { S.certainties[slot] = older.certainty; }
        S.enqueue('responses', slot, older.response);
      }
      else if (target.hasAttribute('data-older-drop')) { delete S.older[slot]; S.keep(); S.show(); }
    });
    report.addEventListener('keydown', function (event) {
      if (event.key === 'Escape' && !S.one('[data-report-panel]', report).hidden) {
        event.stopPropagation();
        openReport(false);
        S.one('[data-report-open]', report).focus();
      }
    });
    certainty.addEventListener('change', function (event) {
      S.certainties[slot] = Number(event.target.value);
      S.markChosen(certainty);
      S.flush(slot);
      // How sure one is of nothing waits here for the answer.
      if (S.isAnswered(slot)) { S.enqueue('responses', slot, S.responses[slot]); }
    });
    return { element: element, draw: draw, update: update, slot: function () { return slot; }, box: function () { return box; } };
  };

  // A response in words, for lists of what was kept.
  S.inWords = function (slot, response) {
    if (response === null || response === undefined) { return words.empty_answer; }
    if (slot === S.PREDICTION) { return String(response); }
    var control = S.question(slot).control || {};
    function option(label, options) {
      var at = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(label);
      return options && options[at] !== undefined ? S.plain(options[at]) : String(label);
    }
    if (control.kind === 'radio') { return option(response, control.options); }
    if (control.kind === 'checkbox') { return response.map(function (label) { return option(label, control.options); }).join('; '); }
    if (control.kind === 'sort') { return response.map(function (label) { return option(label, control.items); }).join(' → '); }
    if (control.kind === 'match') {
      return response.map(function (label, row) {
        return S.plain(control.rows[row]) + ': ' + (label ? option(label, control.choices) : '…');
      }).join('; ');
    }
    if (control.kind === 'gaps') {
      return Object.keys(response).map(function (name) {
        var gap = control.gaps[name] || {}, labels = [].concat(response[name]);
        return '(' + name + ') ' + labels.map(function (label) {
          return gap.kind === 'select' && gap.options ? gap.options['ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(label)] : option(label, gap.options);
        }).join(', ');
      }).join('; ');
    }
    if (control.kind === 'essay') { return response.text + (response.files && response.files.length ? ' [' + response.files.join(', ') + ']' : ''); }
    return String(response);
  };

  // ── what became of an answer
  // Questions that wait, not requests: an answer changed while it was on its way waits once.
  S.waitingCount = function () {
    var slots = {};
    S.queue.forEach(function (item) { if (item.kind === 'responses') { slots[item.body.slot] = true; } });
    return Object.keys(slots).length;
  };
  function waiting(slot) {
    return S.queue.filter(function (item) { return item.kind === 'responses' && item.body.slot === slot; }).slice(-1)[0];
  }
  S.savedText = function (slot) {
    var item = waiting(slot);
    if (item && S.failures > 0) { return S.fill(words.waiting, { n: S.waitingCount(), time: S.clockText(item.since) }).replace(/ (\S+) (\S+)$/, '\u00a0$1\u00a0$2'); }
    if (item || slot in S.drafts) { return words.saving; }
    return S.saved[slot] ? S.fill(words.saved, { time: S.clockText(S.saved[slot]) }) : words.nothing;
  };
  // Where nothing was answered yet: in the words of the kind of question.
  function nothingYet(slot) {
    if (slot === S.PREDICTION) { return ''; }
    var typed = words.nothing_typed;
    return { text: typed, number: typed, essay: typed, gaps: typed, match: words.nothing_matched, sort: words.nothing_sorted }[S.kind(slot)] || words.nothing;
  }
  S.savedLine = function (line, slot) {
    var item = waiting(slot), mark = S.one('[data-saved-icon]', line), text = S.one('[data-saved-text]', line), receipt = S.one('[data-receipt]', line);
    var stray = S.strays.filter(function (one) { return one.slot === slot; })[0];
    var shape = '', state = 'empty', said = '';
    if (S.isPreview) { said = S.isAnswered(slot) ? words.preview_saved : nothingYet(slot); }
    else if (stray) { state = 'waiting'; shape = 'waiting'; said = S.fill(words.stray, { time: S.clockText(stray.at) }); }
    else if (item && S.failures > 0) { state = 'waiting'; shape = 'waiting'; said = S.savedText(slot); }
    else if (item || slot in S.drafts) { said = words.saving; }
    else if (S.saved[slot]) { state = ''; shape = 'saved'; said = S.savedText(slot); }
    else { said = nothingYet(slot); }
    line.className = 'saved-line' + (state ? ' ' + state : '');
    if (mark.getAttribute('data-shape') !== shape) {
      mark.setAttribute('data-shape', shape);
      mark.textContent = '';
      if (shape) { mark.appendChild(S.icon(shape)); }
    }
    if (text.textContent !== said) { text.textContent = said; }
    if (receipt) {
      var digest = shape === 'saved' ? S.receipts[slot] : '';
      receipt.hidden = !digest;
      if (digest && receipt.getAttribute('data-copy') !== digest) {
        receipt.setAttribute('data-copy', digest);
        receipt.removeAttribute('data-was');
        S.one('span', receipt).textContent = S.fill(words.receipt, { receipt: digest.slice(0, 4) + '…' });
        receipt.setAttribute('aria-label', S.fill(words.copy_receipt, { receipt: digest }));
      }
    }
  };
}(window.elearnSitting));
