// The sitting page. Every answer goes into a queue kept on this device, then to the server, and leaves the queue only when the server
// says that it is on disk. The server's clock decides; what is shown here is corrected by every answer from it.
(function () {
  'use strict';

  var data = JSON.parse(document.getElementById('attempt').textContent);
  var paper = data.paper, words = data.words, urls = data.urls;
  var total = paper.questions.length;
  var STORE = 'elearn.attempt.' + paper.id;
  var PREDICTION = 0;
  var page = randomKey();

  function one(selector, root) { return (root || document).querySelector(selector); }
  function all(selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); }
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }
  function randomKey() {
    var bytes = new Uint8Array(12);
    window.crypto.getRandomValues(bytes);
    return Array.prototype.map.call(bytes, function (b) { return ('0' + b.toString(16)).slice(-2); }).join('');
  }

  // What is kept on this device: saves that the server has not acknowledged, and the question that was open.
  function load() {
    try { return JSON.parse(window.localStorage.getItem(STORE)) || {}; } catch (_) { return {}; }
  }
  // The newest page of this attempt on this device owns what is kept; an older one that wrote would undo its answers.
  function isOurs() {
    var owner = load().page;
    return !owner || owner === page;
  }
  function keep() {
    if (readOnly || leaving || !isOurs()) { return; }
    write();
  }
  function write() {
    try { window.localStorage.setItem(STORE, JSON.stringify({ queue: queue, here: here, page: page })); } catch (_) { /* private mode: the queue lives in memory */ }
  }
  function forget() {
    try { window.localStorage.removeItem(STORE); } catch (_) { /* nothing was kept */ }
  }

  var kept = load();
  var queue = kept.queue || [];
  var here = Math.min(Math.max(kept.here || 1, 1), total);
  var screen = 'question';
  var responses = paper.responses, saved = paper.saved, flags = {};
  paper.flags.forEach(function (slot) { flags[slot] = true; });
  var prediction = paper.prediction;
  var sequence = paper.client_seq;
  var holding = false, sending = false, failures = 0, timer = null, readOnly = false, leaving = false, submitting = false, submitKey = null;

  // Answers that wait on this device are newer than what the server knows.
  queue.forEach(function (item) {
    sequence = Math.max(sequence, item.body.client_seq);
    apply(item);
  });
  function apply(item) {
    if (item.kind === 'flags') { flags[item.body.slot] = item.body.response; }
    else if (item.body.slot === PREDICTION) { prediction = item.body.response; }
    else { responses[item.body.slot] = item.body.response; }
  }

  // ── the clock: monotonic here, set right by the server
  var endsAt = performance.now() + paper.remaining_ms;
  var offset = Date.parse(paper.server_now) - performance.now();
  var clockHidden = false, announced = {};
  function setRemaining(seconds, tookMs) {
    var end = performance.now() + seconds * 1000 + 500 - tookMs / 2;
    if (Math.abs(end - endsAt) > 1500) { endsAt = end; }
  }
  function two(number) { return (number < 10 ? '0' : '') + number; }
  function tick() {
    var left = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
    var hours = Math.floor(left / 3600);
    var text = (hours ? hours + ':' + two(Math.floor(left % 3600 / 60)) : two(Math.floor(left / 60))) + ':' + two(left % 60);
    all('[data-clock]').forEach(function (clock) {
      clock.classList.toggle('clock-hidden', clockHidden);
      clock.textContent = clockHidden ? words.hidden : text;
    });
    [5, 1].forEach(function (minutes) {
      if (left <= minutes * 60 && left > minutes * 60 - 5 && !announced[minutes] && paper.remaining_ms > minutes * 60000) {
        announced[minutes] = true;
        one('[data-announce]').textContent = fill(words.minutes_left, { n: minutes });
      }
    });
    if (left === 0 && !submitting && !leaving) { submit(true); }
  }
  function clockText(iso) {
    var moment = iso ? new Date(iso) : new Date(performance.now() + offset);
    return moment.toLocaleTimeString('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', hour12: false });
  }

  // ── sending
  function enqueue(kind, slot, response) {
    if (readOnly) { return; }
    sequence += 1;
    queue = queue.filter(function (item) {
      // A newer answer to the same question stands in for one that was never sent.
      return item.sent || item.kind !== kind || item.body.slot !== slot;
    });
    var item = { kind: kind, at: clockText(), sent: false, body: { slot: slot, response: response, client_seq: sequence, key: randomKey() } };
    queue.push(item);
    apply(item);
    keep();
    show();
    send();
  }
  function request(url, body) {
    var started = performance.now();
    var options = {
      method: 'POST', credentials: 'same-origin', redirect: 'error',
      headers: { 'Content-Type': 'application/json', 'X-CSRFToken': data.csrf, 'Accept': 'application/json' },
      body: JSON.stringify(body)
    };
    if (window.AbortController) {
      var controller = new AbortController();
      window.setTimeout(function () { controller.abort(); }, 20000);
      options.signal = controller.signal;
    }
    return fetch(url, options).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (json) {
        return { status: answer.status, json: json, took: performance.now() - started, retryAfter: Number(answer.headers.get('Retry-After')) || 0 };
      });
    });
  }
  // Up to a quarter later, so that a thousand pages do not come back in the same second.
  function later(seconds) {
    window.clearTimeout(timer);
    timer = window.setTimeout(send, seconds * 1000 * (1 + Math.random() / 4));
  }
  function send() {
    if (!holding || sending || !queue.length || readOnly) { return; }
    var item = queue[0];
    sending = true;
    item.sent = true;
    item.body.holder = page;
    request(urls[item.kind], item.body).then(function (answer) {
      sending = false;
      if (answer.status === 200) {
        failures = 0;
        online();
        queue.shift();
        keep();
        if (item.kind === 'responses') { saved[item.body.slot] = answer.json.saved_at; }
        setRemaining(answer.json.remaining_seconds, answer.took);
        show();
        if (queue.length) { send(); } else if (submitting) { sendSubmit(); }
      } else if (answer.status === 503 || answer.status === 429 || answer.status >= 500) {
        failures += 1;
        trouble(words.busy);
        later(answer.retryAfter || Math.min(30, failures * 2));
      } else {
        refused(answer, item);
      }
    }, function () {
      sending = false;
      failures += 1;
      trouble(words.offline);
      later(Math.min(15, 1 + failures));
    });
  }
  function refused(answer, item) {
    var error = answer.json.error;
    if (error === 'taken_over') { becomeReadOnly(); return; }
    if (error === 'already_submitted' || error === 'deadline_passed') { leave(); return; }
    if (mustSignIn(answer)) { return; }
    if (answer.status !== 400) { notice(answer.json.message || words.refused, window.location.pathname, words.reload); return; }
    // Only what can never be taken leaves the queue.
    queue.shift();
    keep();
    if (item.body.slot === PREDICTION && item.kind === 'responses') {
      predictionError(answer.json.message || words.not_number);
      if (queue.length) { send(); }
      return;
    }
    notice(answer.json.message || words.refused, window.location.pathname, words.reload);
  }
  // A session that ended, or one begun anew in another tab: the answers stay until the page is opened again.
  function mustSignIn(answer) {
    var isOut = answer.status === 401, isStale = answer.json.error === 'csrf';
    if (!isOut && !isStale) { return false; }
    failures += 1;
    notice(words.signed_out, isOut ? urls.sign_in : window.location.pathname, isOut ? words.sign_in : words.reload);
    show();
    return true;
  }
  function trouble(text) {
    one('[data-offline-text]').textContent = text;
    one('[data-offline]').hidden = false;
    show();
  }
  function online() { one('[data-offline]').hidden = true; }
  function notice(text, link, linkText) {
    one('[data-notice-text]').textContent = text;
    var target = one('[data-notice-link]');
    target.hidden = !link;
    if (link) { target.href = link; target.textContent = linkText; }
    one('[data-notice]').hidden = false;
  }
  function becomeReadOnly() {
    readOnly = true;
    notice(words.taken);
    one('[data-take-over]').hidden = false;
    show();
  }
  // Nothing is sent before this page is the one that may save: an early answer would be refused as another page's.
  function takeHold() {
    return request(urls.hold, { holder: page }).then(function (answer) {
      if (answer.status === 200) {
        holding = true;
        failures = 0;
        setRemaining(answer.json.remaining_seconds, answer.took);
        online();
        show();
        send();
        if (submitting && !queue.length) { sendSubmit(); }
      }
      else if (mustSignIn(answer)) { return; }
      else if (answer.status === 409) { leave(); }
      else if (answer.status >= 500 || answer.status === 429) { holdLater(words.busy, answer.retryAfter); }
      else { notice(answer.json.message || words.refused, window.location.pathname, words.reload); }
    }, function () { holdLater(words.offline); });
  }
  function holdLater(text, seconds) {
    failures += 1;
    trouble(text);
    window.clearTimeout(timer);
    timer = window.setTimeout(takeHold, (seconds || 3) * 1000 * (1 + Math.random() / 4));
  }
  // A phone that slept has a clock that stood still: ask the server how much time is left.
  function askTime() {
    if (leaving || submitting) { return; }
    var asked = performance.now();
    fetch(urls.state, { credentials: 'same-origin', redirect: 'error', headers: { 'Accept': 'application/json' } }).then(function (answer) {
      return answer.ok ? answer.json() : null;
    }).then(function (json) {
      if (!json) { return; }
      if (json.state !== 'open') { leave(); return; }
      offset = Date.parse(json.server_now) - performance.now();
      endsAt = performance.now() + json.remaining_ms - (performance.now() - asked) / 2;
      tick();
    }).catch(function () { /* no network: the next save sets the clock right */ });
  }

  // ── submitting
  function submit(isTimeUp) {
    if (readOnly && !isTimeUp) { return; }
    if (!isTimeUp && !checkPrediction()) { return; }
    submitting = true;
    submitKey = submitKey || randomKey();
    one('[data-submit]').disabled = true;
    if (isTimeUp) { notice(words.time_up); }
    show();
    // A page that may not save has nothing to wait for: what counts is on the server, or waits in the page that took over.
    if (queue.length && !readOnly) { send(); } else { sendSubmit(); }
  }
  function sendSubmit() {
    if (leaving) { return; }
    request(urls.submit, { key: submitKey }).then(function (answer) {
      if (answer.status === 200 || answer.status === 409) { leave(); }
      else if (mustSignIn(answer)) { return; }
      else if (answer.status < 500 && answer.status !== 429) { notice(answer.json.message || words.refused, window.location.pathname, words.reload); }
      else { window.setTimeout(sendSubmit, (answer.retryAfter || 2) * 1000); trouble(words.busy); }
    }, function () { trouble(words.offline); window.setTimeout(sendSubmit, 3000); });
  }
  function leave() {
    leaving = true;
    forget();
    window.location.assign(urls.result);
  }

  // ── what is seen
  function isAnswered(slot) {
    var response = responses[slot];
    return Array.isArray(response) ? response.length > 0 : response !== null && response !== undefined && response !== '';
  }
  // Questions that wait, not requests: an answer changed while it was on its way waits once.
  function waitingCount() {
    var slots = {};
    queue.forEach(function (item) { if (item.kind === 'responses') { slots[item.body.slot] = true; } });
    return Object.keys(slots).length;
  }
  function putIcon(place, name) {
    place.textContent = '';
    if (name) { place.appendChild(one('[data-icon="' + name + '"] svg').cloneNode(true)); }
  }
  function savedLine(line, slot) {
    var waits = queue.filter(function (item) { return item.kind === 'responses' && item.body.slot === slot; })[0];
    var text = one('[data-saved-text]', line), mark = one('[data-saved-icon]', line);
    line.className = 'saved-line';
    if (waits && (failures > 0 || readOnly)) {
      line.classList.add('waiting');
      putIcon(mark, 'waiting');
      text.textContent = fill(words.waiting, { n: waitingCount(), time: waits.at });
    } else if (waits) {
      line.classList.add('empty');
      putIcon(mark, null);
      text.textContent = words.saving;
    } else if (saved[slot]) {
      putIcon(mark, 'saved');
      text.textContent = fill(words.saved, { time: clockText(saved[slot]) });
    } else {
      line.classList.add('empty');
      putIcon(mark, null);
      text.textContent = slot === PREDICTION ? '' : words.nothing;
    }
  }
  function cellLabel(slot) {
    return fill(words.question, { n: slot }) + ', ' + (isAnswered(slot) ? words.answered : words.unanswered) + (flags[slot] ? ', ' + words.is_flagged : '');
  }
  function build() {
    all('[data-ticks]').forEach(function (list) {
      for (var slot = 1; slot <= total; slot += 1) { list.appendChild(document.createElement('li')); }
    });
    all('[data-palette]').forEach(function (list) {
      for (var slot = 1; slot <= total; slot += 1) {
        var item = document.createElement('li'), cell = document.createElement('button');
        cell.type = 'button';
        cell.className = 'cell';
        cell.setAttribute('data-slot', slot);
        item.appendChild(cell);
        list.appendChild(item);
      }
    });
  }
  var drawn = 0;
  function drawQuestion() {
    var question = paper.questions[here - 1];
    if (drawn !== here) {
      drawn = here;
      one('[data-stem]').innerHTML = question.stem; // sanitised by the server
      one('[data-hint]').textContent = question.hint;
      var box = one('[data-options]');
      box.textContent = '';
      question.options.forEach(function (html, index) {
        var label = document.createElement('label'), input = document.createElement('input'), text = document.createElement('span');
        label.className = 'option';
        input.type = question.multiple ? 'checkbox' : 'radio';
        input.name = 'answer';
        input.value = paper.labels.charAt(index);
        text.innerHTML = html; // sanitised by the server
        label.appendChild(input);
        label.appendChild(text);
        box.appendChild(label);
      });
    }
    var response = responses[here];
    all('[data-options] input').forEach(function (input) {
      input.checked = Array.isArray(response) ? response.indexOf(input.value) >= 0 : response === input.value;
      input.disabled = readOnly || submitting;
    });
    savedLine(one('[data-saved-line]'), here);
    one('[data-flag]').setAttribute('aria-pressed', flags[here] ? 'true' : 'false');
    one('[data-flag]').disabled = readOnly || submitting;
  }
  function reviewLinks(target, slots, level, describe) {
    target.textContent = '';
    if (!slots.length) { return; }
    var list = document.createElement('ul');
    list.className = 'rows rows-links';
    list.setAttribute('role', 'list');
    slots.forEach(function (slot) {
      var item = document.createElement('li'), texts = document.createElement('div');
      var title = document.createElement(level), go = document.createElement('a'), detail = document.createElement('p');
      item.className = 'row';
      texts.className = 'row-words';
      title.className = 'row-title';
      detail.className = 'row-body';
      go.href = '#question-' + slot;
      go.setAttribute('data-slot', slot);
      go.textContent = fill(words.question, { n: slot });
      detail.textContent = describe(slot);
      title.appendChild(go);
      texts.appendChild(title);
      texts.appendChild(detail);
      item.appendChild(texts);
      item.appendChild(one('[data-icon="go"] svg').cloneNode(true));
      list.appendChild(item);
    });
    target.appendChild(list);
  }
  function drawReview() {
    var slots = paper.questions.map(function (_, index) { return index + 1; });
    var open = slots.filter(function (slot) { return !isAnswered(slot); });
    var flagged = slots.filter(function (slot) { return flags[slot]; });
    one('[data-review-title]').textContent = open.length ? fill(words.review_open, { n: open.length }) : words.review_none;
    one('[data-review-lead]').textContent = open.length ? words.lead_open : words.lead_none;
    one('[data-review-all-title]').textContent = fill(words.all, { n: total });
    reviewLinks(one('[data-review-unanswered]'), open, 'h2', function (slot) { return paper.questions[slot - 1].summary; });
    var title = one('[data-review-flagged-title]');
    title.hidden = !flagged.length;
    title.textContent = fill(words.flagged, { n: flagged.length });
    reviewLinks(one('[data-review-flagged]'), flagged, 'h3', function (slot) {
      return saved[slot] && isAnswered(slot) ? fill(words.answered_at, { time: clockText(saved[slot]) }) : words.not_yet;
    });
    if (data.has_prediction) {
      savedLine(one('[data-prediction-saved]'), PREDICTION);
      one('#prediction').disabled = readOnly || submitting;
    }
    var waits = waitingCount();
    one('[data-submit-note]').textContent = submitting ? (waits && failures ? fill(words.wait_queue, { n: waits }) : words.submitting) : words.deadline_note;
    one('[data-submit]').disabled = readOnly || submitting;
  }
  function show() {
    var answered = 0, flagged = 0;
    for (var slot = 1; slot <= total; slot += 1) {
      answered += isAnswered(slot) ? 1 : 0;
      flagged += flags[slot] ? 1 : 0;
    }
    all('[data-answered-count]').forEach(function (place) { place.textContent = answered; });
    all('[data-open-count]').forEach(function (place) { place.textContent = total - answered; });
    all('[data-flagged-count]').forEach(function (place) { place.textContent = flagged; });
    all('[data-ticks] li').forEach(function (mark, index) {
      mark.className = (isAnswered(index + 1) ? 'answered' : '') + (screen === 'question' && index + 1 === here ? ' here' : '');
    });
    all('[data-palette] .cell').forEach(function (cell) {
      var at = Number(cell.getAttribute('data-slot'));
      cell.classList.toggle('answered', isAnswered(at));
      cell.textContent = at;
      if (flags[at]) {
        var sign = document.createElement('span');
        sign.className = 'cell-flag';
        sign.appendChild(one('[data-icon="flag"] svg').cloneNode(true));
        cell.appendChild(sign);
      }
      cell.setAttribute('aria-label', cellLabel(at));
      if (screen === 'question' && at === here) { cell.setAttribute('aria-current', 'true'); } else { cell.removeAttribute('aria-current'); }
    });
    all('[data-count]').forEach(function (place) {
      place.textContent = screen === 'review' ? words.last : fill(words.count, { n: here, all: total });
    });
    all('[data-next-text]').forEach(function (place) { place.textContent = here === total ? words.last : words.next; });
    all('[data-go="previous"]').forEach(function (button) { button.disabled = here === 1; });
    one('[data-screen="question"]').hidden = screen !== 'question';
    one('[data-screen="review"]').hidden = screen !== 'review';
    one('[data-question-bar]').hidden = screen !== 'question';
    one('[data-all-saved]').hidden = queue.length > 0 || readOnly;
    if (screen === 'question') { drawQuestion(); } else { drawReview(); }
  }
  function goTo(slot) {
    here = Math.min(Math.max(slot, 1), total);
    screen = 'question';
    closePalette();
    keep();
    show();
    window.scrollTo(0, 0);
    one('[data-stem]').focus({ preventScroll: true });
  }
  function review() {
    screen = 'review';
    closePalette();
    if (data.has_prediction && prediction !== null && prediction !== undefined) {
      one('#prediction').value = grouped(prediction);
    }
    show();
    window.scrollTo(0, 0);
    one('[data-review-title]').focus({ preventScroll: true });
  }
  function openPalette() {
    one('#palette').setAttribute('data-open', '');
    all('[data-open-palette]').forEach(function (button) { button.setAttribute('aria-expanded', 'true'); });
    one('[data-close-palette]').focus();
  }
  function closePalette() {
    if (!one('#palette').hasAttribute('data-open')) { return; }
    one('#palette').removeAttribute('data-open');
    all('[data-open-palette]').forEach(function (button) { button.setAttribute('aria-expanded', 'false'); });
  }

  // ── the prediction
  function grouped(number) { return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, '.'); }
  function predictionError(text) {
    var place = one('[data-prediction-error]'), input = one('#prediction');
    place.hidden = !text;
    place.textContent = text || '';
    if (text) { input.setAttribute('aria-invalid', 'true'); } else { input.removeAttribute('aria-invalid'); }
  }
  // True unless what stands in the field is no number; a number that is not saved yet is put into the queue.
  function checkPrediction() {
    if (!data.has_prediction || screen !== 'review') { return true; }
    var text = one('#prediction').value.trim();
    if (text !== '' && !/^(\d{1,15}|\d{1,3}([. ]\d{3}){1,4})$/.test(text)) {
      predictionError(words.not_number);
      one('#prediction').focus();
      return false;
    }
    predictionError('');
    var number = text === '' ? null : Number(text.replace(/[. ]/g, ''));
    if (number !== (prediction === undefined ? null : prediction)) { enqueue('responses', PREDICTION, number); }
    return true;
  }

  // ── what the taker does
  document.addEventListener('click', function (event) {
    var target = event.target.closest ? event.target.closest('button, a[data-slot]') : null;
    if (!target) { return; }
    if (target.hasAttribute('data-slot')) { event.preventDefault(); goTo(Number(target.getAttribute('data-slot'))); }
    else if (target.getAttribute('data-go') === 'previous') { goTo(here - 1); }
    else if (target.getAttribute('data-go') === 'next') { if (here === total) { review(); } else { goTo(here + 1); } }
    else if (target.hasAttribute('data-review')) { review(); }
    else if (target.hasAttribute('data-back')) { goTo(here); }
    else if (target.hasAttribute('data-flag')) { enqueue('flags', here, !flags[here]); }
    else if (target.hasAttribute('data-open-palette')) { openPalette(); }
    else if (target.hasAttribute('data-close-palette')) { closePalette(); one('[data-open-palette]').focus(); }
    else if (target.hasAttribute('data-submit')) { submit(false); }
    else if (target.hasAttribute('data-take-over')) { leaving = true; window.location.reload(); }
    else if (target.hasAttribute('data-hide-clock')) {
      clockHidden = !clockHidden;
      all('[data-hide-clock]').forEach(function (button) {
        var isShort = button.hasAttribute('data-short');
        one('span', button).textContent = clockHidden ? (isShort ? words.show_short : words.show) : (isShort ? words.hide_short : words.hide);
      });
      tick();
    }
  });
  one('[data-options]').addEventListener('change', function () {
    var chosen = all('[data-options] input:checked').map(function (input) { return input.value; });
    enqueue('responses', here, paper.questions[here - 1].multiple ? chosen : chosen[0]);
  });
  one('[data-question-form]').addEventListener('submit', function (event) { event.preventDefault(); });
  if (data.has_prediction) {
    one('[data-prediction-form]').addEventListener('submit', function (event) { event.preventDefault(); checkPrediction(); });
    one('#prediction').addEventListener('change', checkPrediction);
  }
  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape') { closePalette(); return; }
    if (event.altKey || event.ctrlKey || event.metaKey || screen !== 'question' || readOnly || submitting) { return; }
    if (event.target.tagName === 'INPUT' && event.target.type !== 'radio' && event.target.type !== 'checkbox') { return; }
    var isChoice = event.target.tagName === 'INPUT';
    if (!isChoice && event.key === 'ArrowLeft' && here > 1) { event.preventDefault(); goTo(here - 1); return; }
    if (!isChoice && event.key === 'ArrowRight' && here < total) { event.preventDefault(); goTo(here + 1); return; }
    var index = paper.labels.indexOf(event.key.toUpperCase());
    var inputs = all('[data-options] input');
    if (event.key.length === 1 && index >= 0 && index < inputs.length) { inputs[index].click(); inputs[index].focus(); }
  });
  // The link of a notice (sign in, load again) loses nothing, so the browser need not ask.
  one('[data-notice-link]').addEventListener('click', function () { keep(); leaving = true; });
  // Coming to the front, a page sees at once that a newer one on this device has taken over.
  function lookForNewer() {
    if (!leaving && !readOnly && !isOurs()) { becomeReadOnly(); }
  }
  window.addEventListener('focus', lookForNewer);
  window.addEventListener('pageshow', function (event) { if (event.persisted) { window.location.reload(); } });
  window.addEventListener('online', function () {
    window.clearTimeout(timer);
    if (holding) { send(); } else { takeHold(); }
  });
  window.addEventListener('offline', function () { trouble(words.offline); });
  window.addEventListener('pagehide', keep);
  window.addEventListener('beforeunload', function (event) {
    if (queue.length && !leaving && !readOnly) { event.preventDefault(); event.returnValue = ''; }
  });
  document.addEventListener('visibilitychange', function () { if (!document.hidden) { lookForNewer(); tick(); send(); askTime(); } });

  write();
  build();
  show();
  tick();
  window.setInterval(tick, 500);
  takeHold();
}());
