// A written answer: saved while it is typed, words counted, files sent with their progress.
(function (S) {
  'use strict';

  var words = S.words;

  function countWords(text) {
    var found = text.match(/\S+/g);
    return found ? found.length : 0;
  }
  function sizeText(bytes) {
    if (!bytes) { return ''; }
    return bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + ' KB' : (Math.round(bytes / 104857.6) / 10 + ' MB').replace('.', ',');
  }

  S.controls.essay = function (place) {
    var control = place.control, limit = control.word_limit || 0, most = control.attachments || 0;
    var text = S.make('textarea', 'input essay'), count = S.make('p', 'hint essay-count figures');
    var files = [], sending = [], isLocked = false;
    var label = S.make('label', 'label', words.your_essay);
    text.id = place.name + '-essay';
    text.rows = Math.min(Math.max(control.lines || 10, 4), 30);
    text.maxLength = 100000;
    label.htmlFor = text.id;
    count.id = text.id + '-count';
    text.setAttribute('aria-describedby', count.id);
    place.box.className = 'sit-answer';
    place.box.appendChild(label);
    place.box.appendChild(text);
    place.box.appendChild(count);

    function read() {
      return text.value.trim() === '' && !files.length ? null
        : { text: text.value, files: files.map(function (file) { return file.name; }) };
    }
    function showCount() {
      var n = countWords(text.value), over = limit ? n - limit : 0;
      count.textContent = over > 0 ? S.fill(words.words_over, { n: n, limit: limit, over: over })
        : limit ? S.fill(words.words_of, { n: n, limit: limit }) : S.fill(words.words_count, { n: n });
      S.toggle(count, 'over-limit', over > 0);
    }
    text.addEventListener('input', function () { showCount(); place.typed(read(), 3); });
    text.addEventListener('change', function () { place.answer(read()); });
    text.addEventListener('blur', function () { place.flush(); });

    // ── files
    var list = S.make('ul', 'essay-files'), pick = S.make('input', 'essay-pick'), pickLabel = S.make('label', 'button essay-add');
    if (most) {
      var box = S.make('div', 'essay-attach'), head = S.make('p', 'label', words.files);
      list.setAttribute('role', 'list');
      pick.type = 'file';
      pick.id = place.name + '-file';
      pick.accept = '.pdf,.doc,.docx,.xlsx,.pptx,.odt,.jpg,.jpeg,.png,.txt';
      pickLabel.htmlFor = pick.id;
      pickLabel.appendChild(S.icon('upload'));
      pickLabel.appendChild(S.make('span', '', words.add_file));
      box.appendChild(head);
      box.appendChild(S.make('p', 'hint', S.fill(words.files_hint, { n: most })));
      box.appendChild(list);
      box.appendChild(pick);
      box.appendChild(pickLabel);
      place.box.appendChild(box);
      pick.addEventListener('change', function () {
        var file = pick.files && pick.files[0];
        if (file) { sendFile(file); }
        pick.value = '';
      });
    }
    function line(name, detail) {
      var item = S.make('li', 'essay-file'), texts = S.make('div', 'essay-file-words');
      texts.appendChild(S.make('b', '', name));
      if (detail) { texts.appendChild(S.make('span', 'meta', detail)); }
      item.appendChild(S.icon('document'));
      item.appendChild(texts);
      return item;
    }
    function action(item, className, label, icon, act) {
      var button = S.make('button', className);
      button.type = 'button';
      if (icon) { button.appendChild(S.icon(icon)); button.setAttribute('aria-label', label); } else { button.textContent = label; }
      button.disabled = isLocked;
      button.addEventListener('click', act);
      item.appendChild(button);
    }
    function drawFiles() {
      if (!most) { return; }
      list.textContent = '';
      files.forEach(function (file) {
        var item = line(file.name, file.size ? S.fill(words.file_saved_size, { size: sizeText(file.size) }) : words.file_saved);
        action(item, 'icon-button', S.fill(words.remove_file, { name: file.name }), 'trash', function () { removeFile(file); });
        list.appendChild(item);
      });
      sending.forEach(function (job) {
        var item = line(job.file.name, job.fault || S.fill(words.sending_file, { size: sizeText(job.file.size) }));
        if (job.fault) {
          S.toggle(item, 'essay-file-fault', true);
          action(item, 'button button-small', words.again, '', function () { sending.splice(sending.indexOf(job), 1); sendFile(job.file); });
          action(item, 'icon-button', S.fill(words.remove_file, { name: job.file.name }), 'x', function () { sending.splice(sending.indexOf(job), 1); drawFiles(); });
        } else {
          job.bar = S.make('progress', 'bar');
          job.bar.max = 100;
          job.bar.value = job.done;
          job.bar.setAttribute('aria-label', S.fill(words.sending_file, { size: job.file.name }));
          item.appendChild(job.bar);
        }
        list.appendChild(item);
      });
      var isFull = files.length + sending.length >= most;
      pick.disabled = isFull || isLocked;
      S.toggle(pickLabel, 'button-off', pick.disabled);
    }
    function sendFile(file) {
      if (S.isPreview) { S.notice(words.preview_files); return; }
      var job = { file: file, done: 0, fault: '' }, form = new FormData();
      sending.push(job);
      form.append('slot', place.slot);
      form.append('holder', S.page);
      form.append('file', file, file.name);
      drawFiles();
      S.upload(S.urls.files, form, function (share) {
        job.done = Math.round(share * 100);
        if (job.bar) { job.bar.value = job.done; }
      }, function (answer) {
        if (answer.status === 200) {
          sending.splice(sending.indexOf(job), 1);
          files = files.filter(function (known) { return known.name !== answer.json.name; });
          files.push({ name: answer.json.name, size: answer.json.size });
          S.announce(S.fill(words.file_sent, { name: answer.json.name }));
          place.answer(read());
        } else {
          // A file cannot wait in the queue of this device: it is said, and sent again at a press.
          job.fault = answer.json.message || (answer.status === 413 ? words.file_too_large : words.file_not_sent);
          if (answer.status === 0) { S.lost(); }
        }
        drawFiles();
      });
    }
    function removeFile(file) {
      if (S.isPreview) { return; }
      S.post(S.urls.remove_file, { slot: place.slot, name: file.name, holder: S.page }, function (answer) {
        if (answer.status !== 200) { S.notice(answer.json.message || words.file_not_removed); return; }
        files = files.filter(function (known) { return known !== file; });
        drawFiles();
        place.answer(read());
        pick.focus();
      });
    }

    return {
      set: function (response) {
        var value = response && response.text !== undefined ? response.text : (S.responses[place.slot] === undefined ? control.template || '' : '');
        if (text.value !== value && !(document.activeElement === text && text.value.trim() === value.trim())) { text.value = value; }
        var names = (response && response.files) || [];
        if (!S.same(names, files.map(function (file) { return file.name; }))) {
          files = names.map(function (name) {
            return files.filter(function (known) { return known.name === name; })[0] || { name: name, size: S.fileSize(place.slot, name) };
          });
        }
        showCount();
        drawFiles();
      },
      lock: function (locked) { isLocked = locked; text.readOnly = locked; drawFiles(); }
    };
  };
  S.fileSize = function (slot, name) {
    var known = ((S.paper.files || {})[slot] || []).filter(function (file) { return file.name === name; })[0];
    return known ? known.size : 0;
  };
}(window.elearnSitting));
