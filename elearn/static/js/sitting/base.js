// What all parts of the sitting share: the data in the page, making elements, times, requests. Plain ES5: it runs on old phones too.
window.elearnSitting = (function () {
  'use strict';

  var S = {};
  var data = JSON.parse(document.getElementById('attempt').textContent);
  S.data = data;
  S.words = data.words;
  S.urls = data.urls;
  S.paper = data.paper;
  S.PREDICTION = 0;

  S.one = function (selector, root) { return (root || document).querySelector(selector); };
  S.all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  S.fill = function (text, values) {
    return text.replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  };
  // make('p', 'hint', 'words'): an element with class and text.
  S.make = function (tag, className, text) {
    var element = document.createElement(tag);
    if (className) { element.className = className; }
    if (text !== undefined && text !== null) { element.textContent = text; }
    return element;
  };
  S.button = function (className, text) {
    var button = S.make('button', className);
    button.type = 'button';
    button.appendChild(S.make('span', '', text));
    return button;
  };
  S.toggle = function (element, className, isOn) {
    if (isOn) { element.classList.add(className); } else { element.classList.remove(className); }
  };
  S.above = function (element, test) {
    while (element && element.nodeType === 1) {
      if (test(element)) { return element; }
      element = element.parentNode;
    }
    return null;
  };
  S.icon = function (name) {
    var found = S.one('[data-icon="' + name + '"] svg');
    return found ? found.cloneNode(true) : document.createTextNode('');
  };
  S.plain = function (html) {
    var box = document.createElement('div');
    box.innerHTML = html; // sanitised by the server
    return (box.textContent || '').replace(/\s+/g, ' ').replace(/^ | $/g, '');
  };
  // Texts of questions, sanitised by the server. A table scrolls inside its own box, so that the page never does.
  S.putHtml = function (element, html) {
    element.innerHTML = html;
    S.all('table', element).forEach(function (table) {
      var box = S.make('div', 'sit-table');
      box.setAttribute('role', 'region');
      box.setAttribute('aria-label', S.words.table);
      box.tabIndex = 0;
      table.parentNode.replaceChild(box, table);
      box.appendChild(table);
    });
  };
  S.label = function (index) { return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.charAt(index); };
  S.same = function (one, other) {
    return JSON.stringify(one === undefined ? null : one) === JSON.stringify(other === undefined ? null : other);
  };
  S.randomKey = function () {
    var bytes = new Uint8Array(12);
    (window.crypto || window.msCrypto).getRandomValues(bytes);
    return Array.prototype.map.call(bytes, function (b) { return ('0' + b.toString(16)).slice(-2); }).join('');
  };

  // ── time: the server's, carried on by a clock that nobody can set
  S.offset = S.paper && S.paper.server_now ? Date.parse(S.paper.server_now) - performance.now() : Date.now() - performance.now();
  S.now = function () { return performance.now() + S.offset; };
  S.two = function (number) { return (number < 10 ? '0' : '') + number; };
  // Vietnam keeps UTC+7 all year; old phones do not know time zones by name.
  S.clockText = function (moment) {
    var at = new Date((typeof moment === 'string' ? Date.parse(moment) : moment === undefined ? S.now() : moment) + 7 * 3600000);
    return S.two(at.getUTCHours()) + ':' + S.two(at.getUTCMinutes()) + ':' + S.two(at.getUTCSeconds());
  };
  S.duration = function (seconds) {
    var minutes = Math.floor(seconds / 60);
    return seconds % 60 === 0 || minutes >= 10 ? S.fill(S.words.minutes, { n: Math.round(seconds / 60) })
      : minutes ? S.fill(S.words.minutes_seconds, { n: minutes, s: seconds % 60 }) : S.fill(S.words.seconds, { n: seconds });
  };

  // ── requests. Status 0: no answer, or one that is not ours (the sign-in page of a wireless network, for instance).
  function finish(xhr, started, done) {
    var json = {}, isOurs = /json/.test(xhr.getResponseHeader('Content-Type') || '');
    if (isOurs) { try { json = JSON.parse(xhr.responseText); } catch (_) { isOurs = false; } }
    done({
      status: xhr.status === 200 && !isOurs ? 0 : xhr.status, json: json, took: performance.now() - started,
      retryAfter: Number(xhr.getResponseHeader('Retry-After')) || 0
    });
  }
  function open(method, url, done, limit) {
    var xhr = new XMLHttpRequest(), started = performance.now();
    xhr.open(method, url);
    xhr.timeout = limit;
    xhr.setRequestHeader('Accept', 'application/json');
    if (method === 'POST') { xhr.setRequestHeader('X-CSRFToken', data.csrf); }
    xhr.onload = function () { finish(xhr, started, done); };
    xhr.onerror = xhr.ontimeout = xhr.onabort = function () { done({ status: 0, json: {}, took: 0, retryAfter: 0 }); };
    return xhr;
  }
  S.get = function (url, done) { open('GET', url, done, 20000).send(); };
  S.post = function (url, body, done) {
    var xhr = open('POST', url, done, 20000);
    xhr.setRequestHeader('Content-Type', 'application/json');
    xhr.send(JSON.stringify(body));
  };
  S.upload = function (url, form, progress, done) {
    var xhr = open('POST', url, done, 600000);
    if (xhr.upload) { xhr.upload.onprogress = function (event) { if (event.lengthComputable) { progress(event.loaded / event.total); } }; }
    xhr.send(form);
    return xhr;
  };
  return S;
}());
