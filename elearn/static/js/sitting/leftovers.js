// On the result page: answers that this device still holds of the attempt (the browser was closed before they could be sent) are handed
// over now. The server keeps what came too late, with how long it had waited; a person decides about it.
(function (S) {
  'use strict';

  var words = S.words, STORE = 'elearn.attempt.' + S.paper.id, STRAYS = STORE + '.kept';
  var box = S.one('[data-leftovers]'), failures = 0, handed = [];

  function load(name) {
    try { return JSON.parse(window.localStorage.getItem(name)); } catch (_) { return null; }
  }
  var kept = load(STORE) || {}, sequence = kept.sequence || 0;
  var items = (kept.queue || []).filter(function (item) { return item.kind === 'responses'; });
  items.forEach(function (item) { sequence = Math.max(sequence, item.body.client_seq); });
  function add(slot, response, since, certainty) {
    sequence += 1;
    var body = { slot: slot, response: response, client_seq: sequence, key: S.randomKey() };
    if (certainty) { body.certainty = certainty; }
    items.push({ kind: 'responses', since: since || S.now(), body: body });
  }
  Object.keys(kept.drafts || {}).forEach(function (slot) { add(Number(slot), kept.drafts[slot]); });
  (load(STRAYS) || []).forEach(function (stray) { add(stray.slot, stray.response, stray.at, stray.certainty); });

  function write() {
    try {
      if (items.length) {
        window.localStorage.setItem(STORE, JSON.stringify({ queue: items, sequence: sequence }));
      } else {
        window.localStorage.removeItem(STORE);
      }
      window.localStorage.removeItem(STRAYS);
    } catch (_) { /* what is held here is in memory, and sent from there */ }
  }
  function show() {
    box.hidden = !items.length && !handed.length;
    S.one('[data-leftovers-title]', box).textContent = S.fill(items.length ? words.waiting : words.handed, { n: items.length || handed.length });
    S.one('[data-leftovers-text]', box).textContent = !items.length ? '' : failures ? words.offline : words.sending;
    var list = S.one('[data-leftovers-list]', box);
    list.textContent = '';
    handed.forEach(function (item) {
      var said = S.fill(item.body.slot ? words.question : words.prediction, { n: item.body.slot, time: S.clockText(item.since) });
      list.appendChild(S.make('li', '', said + ': ' + item.told));
    });
  }
  function send() {
    var item = items[0], body = {};
    if (!item) { return; }
    Object.keys(item.body).forEach(function (name) { body[name] = item.body[name]; });
    body.waited_seconds = Math.max(0, Math.round((S.now() - item.since) / 1000));
    S.post(S.urls.responses, body, function (answer) {
      var isLater = answer.status === 0 || answer.status === 401 || answer.status === 429 || answer.status >= 500;
      if (isLater || answer.json.error === 'csrf') { // nothing is dropped because a sign-in is over
        failures += 1;
        show();
        window.setTimeout(send, Math.min(30, 2 * failures) * 1000);
        return;
      }
      failures = 0;
      items.shift();
      handed = handed.filter(function (other) { return other.body.slot !== item.body.slot; });
      handed.push(item);
      item.told = answer.json.message || words.taken;
      write();
      show();
      send();
    });
  }
  write();
  if (!items.length) { return; }
  show();
  send();
}(window.elearnSitting));
