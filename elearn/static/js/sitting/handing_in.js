// The prediction, handing in, and what happens when the time is up.
(function (S) {
  'use strict';

  var paper = S.paper, words = S.words, urls = S.urls;
  var submitKey = null, isByTime = false;

  // ── the prediction
  S.grouped = function (number) { return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, '.'); };
  // A prediction is kept as a whole number; with decimals, of the smallest part that may be said: 40,67981 is 4067981.
  var decimals = S.data.prediction_decimals || 0;
  S.scaled = function (said) {
    if (!decimals || typeof said !== 'string') { return said; }
    var parts = said.split(',');
    return Number(parts[0].replace(/[. ]/g, '') + ((parts[1] || '') + '000000000').slice(0, decimals));
  };
  S.shownPrediction = function () {
    if (!decimals) { return S.grouped(S.prediction); }
    var digits = String(S.prediction).padStart(decimals + 1, '0'), rest = digits.slice(-decimals).replace(/0+$/, '');
    return S.grouped(digits.slice(0, -decimals)) + (rest ? ',' + rest : '');
  };
  function isPrediction(text) {
    if (!decimals) { return /^(\d{1,15}|\d{1,3}([. ]\d{3}){1,4})$/.test(text); }
    var parts = text.split(',');
    return parts.length <= 2 && /^(\d{1,9}|\d{1,3}([. ]\d{3}){1,2})$/.test(parts[0]) && (parts.length === 1 || (/^\d+$/.test(parts[1]) && parts[1].length <= decimals));
  }
  S.predictionError = function (text) {
    var place = S.one('[data-prediction-error]'), input = S.one('#prediction');
    place.hidden = !text;
    place.textContent = text || '';
    if (text) { input.setAttribute('aria-invalid', 'true'); } else { input.removeAttribute('aria-invalid'); }
  };
  // True unless what stands in the field is no number; a number that is not saved yet is put into the queue.
  S.checkPrediction = function () {
    if (!S.data.has_prediction || S.screen !== 'review') { return true; }
    var text = S.one('#prediction').value.trim();
    if (text !== '' && !isPrediction(text)) {
      S.predictionError(words.not_number);
      S.one('#prediction').focus();
      return false;
    }
    S.predictionError('');
    var said = text === '' ? null : decimals ? text : Number(text.replace(/[. ]/g, ''));
    if (S.scaled(said) !== (S.prediction === undefined ? null : S.prediction)) { S.enqueue('responses', S.PREDICTION, said); }
    return true;
  };

  // ── handing in
  S.submit = function () {
    if (S.readOnly || S.submitting || !S.checkPrediction()) { return; }
    S.flush();
    if (S.isPreview) { submitPreview(); return; }
    begin();
  };
  function begin() {
    S.submitting = true;
    submitKey = submitKey || S.randomKey();
    S.show();
    // A page that may not save has nothing to wait for: what counts is on the server, or waits in the page that took over.
    if (S.queue.length && !S.readOnly) { S.send(); } else { sendSubmit(); }
  }
  S.timeUp = function () {
    if (S.submitting || S.leaving) { return; }
    S.flush();
    if (paper.late_policy === 'discard') { S.notice(words.time_up_discard, urls.result, words.see_result); S.handOver(); return; }
    S.notice(words.time_up);
    isByTime = true;
    begin();
  };
  // After a time without network more time may have been granted: then nothing is handed in.
  function isStillTime(done) {
    if (!isByTime || (S.lastHeard && performance.now() - S.lastHeard < 10000)) { done(); return; }
    S.poll(function () {
      if (S.left() === 0) { done(); return; }
      S.submitting = isByTime = false;
      S.one('[data-notice]').hidden = true;
      S.show();
    });
  }
  // Called whenever the queue has become empty.
  S.drained = function () { if (S.submitting && !S.queue.length) { sendSubmit(); } };
  function sendSubmit() { if (!S.leaving) { isStillTime(postSubmit); } }
  function postSubmit() {
    S.post(urls.submit, { key: submitKey }, function (answer) {
      if (answer.status === 200 || answer.status === 409) { S.depart(); }
      else if (S.mustSignIn(answer)) { return; }
      else if (answer.status === 0) { S.failures += 1; S.lastHeard = 0; S.lost(); S.trouble(words.offline); window.setTimeout(sendSubmit, 3000); }
      else if (answer.status >= 500 || answer.status === 429) { S.trouble(words.busy); window.setTimeout(sendSubmit, (answer.retryAfter || 2) * 1000); }
      else { S.notice(answer.json.message || words.refused, window.location.pathname, words.reload); }
    });
  }
  // A preview sends everything once, to a page that says what it would have earned; nothing is kept.
  function submitPreview() {
    var form = S.make('form'), fields = {
      csrf_token: S.data.csrf, responses: JSON.stringify(S.responses), certainties: JSON.stringify(S.certainties)
    };
    form.method = 'post';
    form.action = urls.preview_result;
    Object.keys(fields).forEach(function (name) {
      var input = S.make('input');
      input.type = 'hidden';
      input.name = name;
      input.value = fields[name];
      form.appendChild(input);
    });
    document.body.appendChild(form);
    S.leaving = true;
    form.submit();
  }
  S.leave = function () {
    S.leaving = true;
    S.forget();
    window.location.assign(urls.result);
  };
  // At the end: to the result, unless answers came too late, of which this page has first to speak.
  S.depart = function () {
    if (S.leaving || S.queue.length) { return; }
    if (!S.late.length) { S.leave(); return; }
    S.leaving = true;
    S.forget();
    S.screen = 'late';
    S.closePalette();
    S.show();
    S.online();
    S.one('[data-notice]').hidden = true;
    var list = S.one('[data-late]'), seen = {};
    S.late.slice().reverse().forEach(function (one) {
      if (seen[one.slot]) { return; }
      seen[one.slot] = true;
      var item = S.make('li');
      item.appendChild(S.make('b', '', S.fill(one.slot === S.PREDICTION ? words.stray_prediction : words.stray_question, { n: one.slot, time: S.clockText(one.at) })));
      item.appendChild(S.make('span', 'stray-words', S.inWords(one.slot, S.responseOf(one.slot))));
      item.appendChild(S.make('span', 'meta', one.message));
      list.insertBefore(item, list.firstChild);
    });
    window.scrollTo(0, 0);
    S.one('[data-late-title]').focus();
  };
}(window.elearnSitting));
