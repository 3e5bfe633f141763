// What the taker and the browser do, and the beginning.
(function (S) {
  'use strict';

  var paper = S.paper;
  var one = S.one, all = S.all;

  document.addEventListener('click', function (event) {
    var target = S.above(event.target, function (element) { return element.tagName === 'BUTTON' || (element.tagName === 'A' && element.hasAttribute('data-slot')); });
    if (!target) { return; }
    if (target.hasAttribute('data-slot')) { event.preventDefault(); S.goTo(Number(target.getAttribute('data-slot'))); }
    else if (target.getAttribute('data-go') === 'previous') { S.goTo(S.here - 1); }
    else if (target.getAttribute('data-go') === 'next') { S.goNext(); }
    else if (target.hasAttribute('data-empty-go')) { S.goNext(true); }
    else if (target.hasAttribute('data-empty-stay')) { S.stay(); }
    else if (target.hasAttribute('data-review')) { S.review(); }
    else if (target.hasAttribute('data-back')) { S.goTo(S.here); }
    else if (target.hasAttribute('data-open-palette')) { S.openPalette(); }
    else if (target.hasAttribute('data-close-palette')) { S.closePalette(); one('[data-open-palette]').focus(); }
    else if (target.hasAttribute('data-close-told')) { one('[data-told]').hidden = true; }
    else if (target.hasAttribute('data-submit')) { S.submit(); }
    else if (target.hasAttribute('data-take-over')) { S.leaving = true; window.location.reload(); }
    else if (target.hasAttribute('data-hide-clock')) { S.hideClock(); }
  });
  if (S.data.has_prediction) {
    one('[data-prediction-form]').addEventListener('submit', function (event) { event.preventDefault(); S.checkPrediction(); });
    one('#prediction').addEventListener('change', S.checkPrediction);
  }

  // Letters choose options, arrows turn pages, except where somebody writes or chooses with them.
  document.addEventListener('keydown', function (event) {
    var element = event.target, tag = element.tagName;
    if (event.key === 'Escape') { S.closePalette(); return; }
    if (event.altKey || event.ctrlKey || event.metaKey || S.screen !== 'question' || S.readOnly || S.submitting) { return; }
    var isChoice = tag === 'INPUT' && (element.type === 'radio' || element.type === 'checkbox');
    if (tag === 'TEXTAREA' || tag === 'SELECT' || (tag === 'INPUT' && !isChoice)) { return; }
    if (!isChoice && !S.isList && !S.isForward && !S.above(element, function (box) { return box.className === 'sit-table'; })) {
      if (event.key === 'ArrowLeft' && S.here > 1) { event.preventDefault(); S.goTo(S.here - 1); return; }
      if (event.key === 'ArrowRight' && S.here < S.total) { event.preventDefault(); S.goTo(S.here + 1); return; }
    }
    var form = S.above(element, function (box) { return box.hasAttribute('data-question-form'); });
    var slot = S.isList ? form && Number(form.getAttribute('data-slot-shown')) : S.here;
    if (!slot || ['radio', 'checkbox'].indexOf(S.kind(slot)) < 0 || event.key.length !== 1) { return; }
    var index = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(event.key.toUpperCase()), inputs = all('input', S.block(slot).box());
    if (index >= 0 && index < inputs.length && !inputs[index].disabled) { inputs[index].click(); inputs[index].focus(); }
  });

  // The link of a notice (sign in, load again) loses nothing, so the browser need not ask.
  one('[data-notice-link]').addEventListener('click', function () { S.flush(); S.keep(); S.leaving = true; });
  window.addEventListener('focus', S.lookForNewer);
  window.addEventListener('pageshow', function (event) { if (event.persisted) { window.location.reload(); } });
  window.addEventListener('online', S.onlineAgain);
  window.addEventListener('offline', function () { if (!S.isPreview) { S.lost(); S.trouble(S.words.offline); } });
  window.addEventListener('pagehide', function () { S.flush(); S.keep(); });
  window.addEventListener('beforeunload', function (event) {
    if (S.leaving || S.readOnly || S.isPreview) { return; }
    S.flush();
    if (S.queue.length) { event.preventDefault(); event.returnValue = ''; }
  });
  // A phone that slept has a clock that stood still: ask the server how much time is left.
  document.addEventListener('visibilitychange', function () {
    if (document.hidden) { S.flush(); S.keep(); return; }
    S.lookForNewer();
    S.tick();
    if (S.readOnly || S.leaving) { S.refresh(); return; }
    S.send();
    if (!S.submitting) { S.poll(); }
  });

  S.restore();
  S.here = Math.min(Math.max((S.isForward ? paper.position : S.here) || 1, 1), S.total);
  S.build();
  S.show();
  S.startClock();
  S.takeHold();
}(window.elearnSitting));
