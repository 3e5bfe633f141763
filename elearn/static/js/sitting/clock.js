// The clock: monotonic here, set right by every answer from the server, which alone decides. Asks now and then, so that more time that
// was granted reaches an open page by itself.
(function (S) {
  'use strict';

  var paper = S.paper, words = S.words;
  var POLL_SECONDS = 20;
  var GRACE = paper.late_policy === 'grace' ? Math.max(0, (paper.grace_seconds || 0) - 2) : 0;
  var endsAt = performance.now() + paper.remaining_ms;
  var deadline = Date.parse(paper.deadline);
  var isHidden = false, announced = {}, pollTimer = null, isAsking = false, hasToldTime = false;

  // When the server last said how much time is left; 0 after a request that got no answer.
  S.lastHeard = 0;
  S.deadlineText = function () { return S.clockText(deadline); };
  S.setRemaining = function (seconds, tookMs) {
    var end = performance.now() + seconds * 1000 + 500 - tookMs / 2;
    // Far from what was known: the time was changed, and the clock of the server says how.
    if (Math.abs(end - endsAt) > 20000) { S.poll(); }
    if (Math.abs(end - endsAt) > 1500) { endsAt = end; }
  };
  S.left = function () { return Math.max(0, Math.ceil((endsAt - performance.now()) / 1000)); };
  function setDeadline(iso) {
    var then = Date.parse(iso), more = Math.round((then - deadline) / 1000);
    if (!then || Math.abs(more) < 1) { return; }
    deadline = then;
    announced = {};
    hasToldTime = false;
    S.tell(S.fill(more > 0 ? words.extended : words.moved, { more: S.duration(more), time: S.clockText(then) }));
    S.show();
  }

  S.tick = function () {
    var left = S.left(), hours = Math.floor(left / 3600);
    var text = (hours ? hours + ':' + S.two(Math.floor(left % 3600 / 60)) : S.two(Math.floor(left / 60))) + ':' + S.two(left % 60);
    S.all('[data-clock]').forEach(function (clock) {
      var shown = isHidden ? words.hidden : text;
      S.toggle(clock, 'clock-hidden', isHidden);
      if (clock.textContent !== shown) { clock.textContent = shown; }
    });
    [5, 1].forEach(function (minutes) {
      if (left <= minutes * 60 && left > minutes * 60 - 5 && !announced[minutes] && paper.remaining_ms > minutes * 60000) {
        announced[minutes] = true;
        S.announce(S.fill(paper.late_policy === 'discard' ? words.minutes_left_discard : words.minutes_left, { n: minutes }));
      }
    });
    if (left > 0 || S.submitting || S.leaving || S.isPreview) { return; }
    if (GRACE && performance.now() < endsAt + GRACE * 1000) {
      if (!hasToldTime) { hasToldTime = true; S.notice(S.fill(words.in_grace, { time: S.clockText(deadline + GRACE * 1000) })); }
      return;
    }
    if (!hasToldTime || GRACE) { hasToldTime = true; GRACE = 0; timeIsUp(); }
  };
  // Time granted in the last seconds may not have arrived yet: ask before anything that cannot be taken back.
  function timeIsUp() {
    S.poll(function () {
      if (S.left() > 0) { hasToldTime = false; return; }
      S.timeUp();
    });
  }

  S.hideClock = function () {
    isHidden = !isHidden;
    S.all('[data-hide-clock]').forEach(function (button) {
      var isShort = button.hasAttribute('data-short');
      S.one('span', button).textContent = isHidden ? (isShort ? words.show_short : words.show) : (isShort ? words.hide_short : words.hide);
    });
    S.tick();
  };

  // Cheap for the server, spread by chance, and only while somebody looks.
  S.poll = function (done) {
    if (S.isPreview || S.leaving || (isAsking && !done)) { return; }
    var asked = performance.now(), wasHolding = S.holding;
    isAsking = true;
    S.get(S.urls.clock + '?holder=' + S.page, function (answer) {
      isAsking = false;
      if (answer.status === 200) { heard(answer.json, asked, wasHolding); }
      else if (answer.status === 0) { S.lastHeard = 0; if (wasHolding) { S.lost(); } }
      if (done) { done(); }
    });
  };
  function heard(json, asked, wasHolding) {
    S.lastHeard = performance.now();
    S.offset = Date.parse(json.server_now) - (performance.now() + asked) / 2;
    endsAt = performance.now() + json.remaining_ms - (performance.now() - asked) / 2;
    setDeadline(json.deadline);
    S.tick();
    if (S.readOnly) { S.refresh(); return; }
    if (json.state !== 'open') { if (!S.submitting) { S.handOver(); } return; }
    if (json.holder_is_other && wasHolding) { S.becomeReadOnly(); return; }
    if (wasHolding && S.failures && S.queue.length) { S.send(); } else { S.sendLossNotes(); }
  }
  function schedule() {
    var seconds = Number(document.documentElement.getAttribute('data-poll-seconds')) || POLL_SECONDS;
    window.clearTimeout(pollTimer);
    pollTimer = window.setTimeout(function () {
      if (!document.hidden && !S.submitting) { S.poll(); }
      schedule();
    }, seconds * 1000 * (0.85 + Math.random() * 0.3));
  }
  S.startClock = function () {
    S.tick();
    window.setInterval(S.tick, 500);
    if (!S.isPreview) { schedule(); }
  };
}(window.elearnSitting));
