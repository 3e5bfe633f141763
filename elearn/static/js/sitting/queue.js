// Every answer goes into a queue kept on this device, then to the server, and leaves the queue only when the server says that it is on
// disk. What cannot be sent any more is kept and shown: nothing that was typed is dropped in silence.
(function (S) {
  'use strict';

  var paper = S.paper, words = S.words, urls = S.urls;
  var STORE = 'elearn.attempt.' + paper.id, STRAYS = STORE + '.kept';
  var MOST_NOTES = 40;

  S.page = S.randomKey();
  S.isForward = paper.navigation === 'forward';
  S.isPreview = !!paper.preview;
  S.responses = paper.responses || {};
  S.certainties = paper.certainties || {};
  S.saved = paper.saved || {};
  S.receipts = paper.receipts || {};
  S.flags = {};
  S.reported = {};
  (paper.flags || []).forEach(function (slot) { S.flags[slot] = true; });
  (paper.reported || []).forEach(function (slot) { S.reported[slot] = 'sent'; });
  S.checked = {};
  S.results = {};
  (paper.checked || []).forEach(function (slot) { S.checked[slot] = true; });
  S.prediction = paper.prediction;
  S.queue = [];
  S.drafts = {};
  S.strays = [];
  S.older = {};
  S.late = [];
  S.failures = 0;
  S.holding = S.readOnly = S.leaving = S.submitting = false;
  var sequence = paper.client_seq || 0, sending = false, timer = null, notes = [], lostAt = null, storageFails = false;
  var answeredAt = {}, draftTimers = {}, keepTimer = null;

  // ── what is kept on this device
  function load(name) {
    try { return JSON.parse(window.localStorage.getItem(name)); } catch (_) { return null; }
  }
  function put(name, value) {
    try {
      window.localStorage.setItem(name, JSON.stringify(value));
      if (storageFails) { storageFails = false; S.storage(false); }
    } catch (_) {
      // Switched off or full: the queue lives in this page alone, and whoever sits here must know.
      if (!storageFails) { storageFails = true; S.storage(true); }
    }
  }
  // The newest page of this attempt on this device owns what is kept; an older one that wrote would undo its answers.
  S.isOurs = function () {
    var kept = load(STORE);
    return !kept || !kept.page || kept.page === S.page;
  };
  function write() {
    put(STORE, { queue: S.queue, drafts: S.drafts, older: S.older, notes: notes, here: S.here, page: S.page, sequence: sequence });
  }
  S.keep = function () {
    window.clearTimeout(keepTimer);
    if (!S.isPreview && !S.readOnly && !S.leaving && S.isOurs()) { write(); }
  };
  S.forget = function () {
    try {
      if (S.isOurs()) { window.localStorage.removeItem(STORE); }
      // What this page could not send stays: the result page hands it over.
      if (!S.strays.length) { window.localStorage.removeItem(STRAYS); }
    } catch (_) { /* nothing was kept */ }
  };
  // Answers that wait on this device are newer than what the server knows.
  S.restore = function () {
    if (S.isPreview) { return; }
    var kept = load(STORE) || {};
    S.queue = kept.queue || [];
    notes = kept.notes || [];
    S.older = kept.older || {};
    S.here = kept.here;
    sequence = Math.max(sequence, kept.sequence || 0);
    S.queue.forEach(function (item) {
      sequence = Math.max(sequence, item.body.client_seq || 0);
      apply(item);
    });
    Object.keys(kept.drafts || {}).forEach(function (slot) { add('responses', Number(slot), kept.drafts[slot]); });
    write();
    adoptStrays();
  };

  S.responseOf = function (slot) { return slot === S.PREDICTION ? S.prediction : S.responses[slot]; };
  function apply(item) {
    var slot = item.body.slot;
    if (item.kind === 'flags') { S.flags[slot] = item.body.response; }
    else if (item.kind === 'reports') { S.reported[slot] = 'waiting'; }
    else if (item.kind === 'position' || item.kind === 'check') { /* the page goes on when the server has answered */ }
    else if (slot === S.PREDICTION) { S.prediction = S.scaled(item.body.response); }
    else {
      S.responses[slot] = item.body.response;
      if (item.body.certainty) { S.certainties[slot] = item.body.certainty; }
      answeredAt[slot] = item.since;
    }
  }
  function add(kind, slot, response) {
    sequence += 1;
    S.queue = S.queue.filter(function (item) {
      // A newer answer to the same question stands in for one that was never sent.
      return item.sent || item.kind !== kind || item.body.slot !== slot;
    });
    var body = { slot: slot, key: S.randomKey() };
    if (kind === 'reports') { body.text = response; } else { body.client_seq = sequence; }
    if (kind === 'responses' || kind === 'flags') { body.response = response; }
    if (kind === 'responses' && paper.certainty && slot !== S.PREDICTION && S.certainties[slot]) { body.certainty = S.certainties[slot]; }
    var item = { kind: kind, since: S.now(), sent: false, body: body };
    S.queue.push(item);
    apply(item);
    return item;
  }
  S.enqueue = function (kind, slot, response) {
    if (S.readOnly) { return; }
    if (kind === 'responses') { delete S.drafts[slot]; window.clearTimeout(draftTimers[slot]); }
    add(kind, slot, response);
    if (S.isPreview) { S.queue = []; S.show(); return; }
    if (!S.isOurs()) { becomeReadOnly(); return; }
    S.keep();
    S.show();
    send();
  };

  // ── what is being typed: kept at once, queued after a pause, on leaving the field, and before anything else happens
  S.typed = function (slot, response, pauseSeconds) {
    if (S.readOnly) { return; }
    if (!(slot in S.drafts)) { draftTimers['most' + slot] = S.now(); }
    S.drafts[slot] = response;
    S.responses[slot] = response;
    window.clearTimeout(draftTimers[slot]);
    window.clearTimeout(keepTimer);
    keepTimer = window.setTimeout(S.keep, 300);
    // Somebody who types without a pause is saved now and then all the same.
    if (S.now() - draftTimers['most' + slot] > 15000) { S.flush(); return; }
    draftTimers[slot] = window.setTimeout(function () { S.flush(slot); }, pauseSeconds * 1000);
    S.showTyping(slot);
  };
  S.flush = function (slot) {
    Object.keys(S.drafts).forEach(function (name) {
      if (slot === undefined || Number(name) === slot) { S.enqueue('responses', Number(name), S.drafts[name]); }
    });
  };

  // ── notes: what happened without an answer (a question was shown, the network went and came back)
  S.note = function (kind, slot) {
    if (S.isPreview) { return; }
    notes.push(slot ? { kind: kind, slot: slot, since: S.now() } : { kind: kind, since: S.now() });
    notes = notes.slice(-MOST_NOTES);
  };
  function noteBodies(list) {
    return list.map(function (note) {
      var body = { kind: note.kind };
      if (note.slot) { body.slot = note.slot; }
      // Of a loss: how long ago it was. Of a return: how long the network had been away.
      if (note.kind === 'lost') { body.seconds = Math.max(0, Math.round((S.now() - note.since) / 1000)); }
      if (note.kind === 'regained') { body.seconds = note.seconds; }
      return body;
    });
  }
  S.sendNotes = function () {
    if (!notes.length || S.queue.length || S.readOnly || !S.holding) { return; }
    var list = notes;
    notes = [];
    S.post(urls.notes, { notes: noteBodies(list), key: S.randomKey() }, function (answer) {
      if (answer.status !== 200 && !(answer.status >= 400 && answer.status < 500)) { notes = list.concat(notes).slice(-MOST_NOTES); }
      S.keep();
    });
  };
  S.lost = function () {
    if (lostAt === null && !S.isPreview) { lostAt = S.now(); S.note('lost'); S.keep(); }
  };
  function regained() {
    if (lostAt === null) { return; }
    notes.push({ kind: 'regained', since: S.now(), seconds: Math.max(0, Math.round((S.now() - lostAt) / 1000)) });
    lostAt = null;
  }

  // ── sending
  // Up to a quarter later, so that a thousand pages do not come back in the same second.
  function later(seconds) {
    window.clearTimeout(timer);
    timer = window.setTimeout(send, seconds * 1000 * (1 + Math.random() / 4));
  }
  // In the order in which they were given; what was said about a question never holds up an answer.
  function next() {
    var answers = S.queue.filter(function (item) { return item.kind !== 'reports'; });
    return answers[0] || S.queue[0];
  }
  function remove(item) {
    S.queue = S.queue.filter(function (other) { return other !== item; });
  }
  function bodyOf(item) {
    var body = {};
    Object.keys(item.body).forEach(function (name) { body[name] = item.body[name]; });
    if (item.kind === 'reports') { return body; }
    body.holder = S.page;
    if (item.notes && item.notes.length) { body.notes = noteBodies(item.notes); }
    var waited = Math.round((S.now() - item.since) / 1000);
    if (waited > 0) { body.waited_seconds = waited; }
    return body;
  }
  function send() {
    if (!S.holding || sending || !S.queue.length || S.readOnly) { return; }
    var item = next();
    sending = true;
    // A repeated request is answered as the first time: what happened since travels with the next.
    if (!item.sent && item.kind !== 'reports') { item.notes = notes; notes = []; }
    item.sent = true;
    S.post(urls[item.kind], bodyOf(item), function (answer) {
      sending = false;
      if (answer.status === 200) {
        S.failures = 0;
        regained();
        S.online();
        remove(item);
        taken(item, answer.json);
        S.keep();
        if (answer.json.remaining_seconds !== undefined) { S.setRemaining(answer.json.remaining_seconds, answer.took); }
        S.show();
        if (S.queue.length) { send(); } else { S.sendLossNotes(); S.drained(); }
      } else if (answer.status === 0) {
        S.failures += 1;
        S.lost();
        S.trouble(words.offline);
        later(Math.min(15, 1 + S.failures));
      } else if (answer.status === 429 || answer.status >= 500) {
        S.failures += 1;
        S.trouble(words.busy);
        later(answer.retryAfter || Math.min(30, S.failures * 2));
      } else {
        refused(answer, item);
      }
    });
  }
  S.send = send;
  S.sendLossNotes = function () {
    if (notes.some(function (note) { return note.kind !== 'shown'; })) { S.sendNotes(); }
  };
  function taken(item, json) {
    var slot = item.body.slot;
    if (item.kind === 'responses') {
      S.saved[slot] = json.saved_at;
      S.receipts[slot] = json.receipt;
      S.announceSaved(slot);
    } else if (item.kind === 'reports') {
      S.reported[slot] = 'sent';
    } else if (item.kind === 'check') {
      S.checked[slot] = true;
      S.results[slot] = json.result;
    } else if (item.kind === 'position') {
      S.arrived(slot, json.question);
    }
  }
  function refused(answer, item) {
    var error = answer.json.error;
    if (error === 'taken_over') { becomeReadOnly(); return; }
    if (error === 'already_submitted' || error === 'deadline_passed') {
      // Too late to count by itself: the server has kept it, a person decides. The rest of the queue is handed over in the same way.
      remove(item);
      if (item.kind === 'responses') { S.late.push({ slot: item.body.slot, at: item.since, message: answer.json.message || '' }); }
      S.keep();
      if (S.queue.length) { send(); } else if (S.submitting) { S.drained(); } else { S.depart(); }
      return;
    }
    if (S.mustSignIn(answer)) { return; }
    if (['wrong_position', 'already_checked', 'nothing_to_see', 'log_full'].indexOf(error) >= 0) {
      remove(item);
      S.keep();
      S.notice((item.kind === 'responses' ? S.fill(words.refused_answer, { n: item.body.slot }) + ' ' : '') + (answer.json.message || ''), window.location.pathname, words.reload);
      S.show();
      if (S.queue.length) { send(); } else { S.drained(); }
      return;
    }
    if (answer.status !== 400) { S.notice(answer.json.message || words.refused, window.location.pathname, words.reload); return; }
    // Only what can never be taken leaves the queue.
    remove(item);
    S.keep();
    if (item.kind === 'responses' && item.body.slot === S.PREDICTION) { S.predictionError(answer.json.message || words.not_number); }
    else if (item.kind === 'responses') { S.refusedAnswer(item.body.slot, answer.json.message || words.refused); }
    else if (item.kind === 'reports') { delete S.reported[item.body.slot]; S.notice(answer.json.message || words.refused); }
    else { S.notice(answer.json.message || words.refused, window.location.pathname, words.reload); }
    S.show();
    if (S.queue.length) { send(); } else { S.drained(); }
  }
  // A session that ended, or one begun anew in another tab: the answers stay until the page is opened again.
  S.mustSignIn = function (answer) {
    var isOut = answer.status === 401, isStale = answer.json.error === 'csrf';
    if (!isOut && !isStale) { return false; }
    S.failures += 1;
    S.notice(words.signed_out, isOut ? urls.sign_in : window.location.pathname, isOut ? words.sign_in : words.reload);
    S.show();
    return true;
  };

  // ── one page at a time
  // Nothing is sent before this page is the one that may save: an early answer would be refused as another page's.
  S.takeHold = function () {
    if (S.isPreview) { return; }
    S.post(urls.hold, { holder: S.page }, function (answer) {
      if (answer.status === 200) {
        S.holding = true;
        S.failures = 0;
        regained();
        S.setRemaining(answer.json.remaining_seconds, answer.took);
        S.online();
        S.show();
        if (S.queue.length) { send(); } else if (S.submitting) { S.drained(); }
      }
      else if (S.mustSignIn(answer)) { return; }
      else if (answer.status === 409) { handOver(); }
      else if (answer.status === 0) { S.lost(); holdLater(words.offline); }
      else if (answer.status >= 500 || answer.status === 429) { holdLater(words.busy, answer.retryAfter); }
      else { S.notice(answer.json.message || words.refused, window.location.pathname, words.reload); }
    });
  };
  function holdLater(text, seconds) {
    S.failures += 1;
    S.trouble(text);
    window.clearTimeout(timer);
    timer = window.setTimeout(S.takeHold, (seconds || 3) * 1000 * (1 + Math.random() / 4));
  }
  // The attempt is over: what still waits is handed over all the same, to be kept and decided.
  function handOver() {
    S.flush();
    if (!S.queue.length) { S.depart(); return; }
    S.holding = true;
    send();
  }
  S.handOver = handOver;
  S.onlineAgain = function () {
    window.clearTimeout(timer);
    if (S.holding) { send(); } else if (!S.readOnly) { S.takeHold(); }
  };
  function becomeReadOnly() {
    if (S.readOnly || S.leaving) { return; }
    Object.keys(S.drafts).forEach(function (slot) { add('responses', Number(slot), S.drafts[slot]); });
    S.drafts = {};
    S.readOnly = true;
    S.holding = false;
    S.queue.forEach(function (item) {
      if (item.kind !== 'responses') { return; }
      S.strays = S.strays.filter(function (stray) { return stray.slot !== item.body.slot; });
      S.strays.push({ slot: item.body.slot, response: item.body.response, certainty: item.body.certainty, at: item.since });
    });
    S.queue = [];
    if (S.strays.length) { put(STRAYS, S.strays); }
    // Another device has taken over: what is kept here as a queue would be sent as the newest. Another page here keeps its own.
    if (S.isOurs()) { write(); }
    S.online();
    S.show();
    S.refresh();
  }
  S.becomeReadOnly = becomeReadOnly;
  // What the page that only shows has of its own is compared with what the server has got by other ways.
  S.refresh = function () {
    if (!S.readOnly || S.leaving) { return; }
    S.get(urls.state, function (answer) {
      if (answer.status !== 200) { return; }
      if (answer.json.state !== 'open' && !S.strays.length) { S.leave(); return; }
      S.saved = answer.json.saved || S.saved;
      S.receipts = answer.json.receipts || S.receipts;
      var known = answer.json.responses || {};
      known[S.PREDICTION] = answer.json.prediction;
      S.strays = S.strays.filter(function (stray) { return !S.same(stray.response, known[stray.slot]); });
      var mine = {};
      S.strays.forEach(function (stray) { mine[stray.slot] = stray.response; });
      S.responses = known;
      Object.keys(mine).forEach(function (slot) { S.responses[slot] = mine[slot]; });
      if (!S.strays.length) { try { window.localStorage.removeItem(STRAYS); } catch (_) { /* nothing was kept */ } }
      S.show();
    });
  };
  // What another page on this device could not send: the newest words win; older ones are offered at their question.
  function adoptStrays() {
    (load(STRAYS) || []).forEach(function (stray) {
      if (S.same(stray.response, S.responseOf(stray.slot))) { return; }
      var mine = Math.max(answeredAt[stray.slot] || 0, S.saved[stray.slot] ? Date.parse(S.saved[stray.slot]) : 0);
      if (stray.at <= mine || (S.isForward && stray.slot !== paper.position)) { S.older[stray.slot] = stray; return; }
      if (stray.certainty) { S.certainties[stray.slot] = stray.certainty; }
      add('responses', stray.slot, stray.response).since = stray.at;
    });
    try { window.localStorage.removeItem(STRAYS); } catch (_) { /* nothing was kept */ }
    write();
  }
  // Coming to the front, a page sees at once that a newer one on this device has taken over.
  S.lookForNewer = function () {
    if (!S.leaving && !S.readOnly && !S.isPreview && !S.isOurs()) { becomeReadOnly(); }
  };
  window.addEventListener('storage', function (event) {
    if (S.isPreview || S.leaving) { return; }
    if (event.key === STORE) { S.lookForNewer(); }
    if (event.key === STRAYS && event.newValue && !S.readOnly) { adoptStrays(); S.show(); send(); }
  });
}(window.elearnSitting));
