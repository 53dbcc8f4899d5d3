/**
 * What the page does beyond being read: filter instances, search the logs, open what a link leads to. Everything is
 * there without it. Plain JavaScript that runs from file://.
 */
export const SCRIPT = String.raw`(function () {
'use strict';
var $ = function (id) { return document.getElementById(id); };
var all = function (selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); };
var later = function (work) {
  var timer;
  return function () { clearTimeout(timer); timer = setTimeout(work, 120); };
};

var rows = all('[data-name]').filter(function (row) { return !row.classList.contains('log'); });
var filter = $('filter'), bad = $('bad'), shown = $('shown');
function applyFilter() {
  var text = filter.value.trim().toLowerCase(), names = {};
  rows.forEach(function (row) {
    var name = row.getAttribute('data-name');
    var fits = name.toLowerCase().indexOf(text) >= 0 && (!bad.checked || row.hasAttribute('data-bad'));
    row.hidden = !fits;
    if (fits) names[name] = true;
  });
  var count = Object.keys(names).length;
  shown.textContent = text || bad.checked ? count + (count === 1 ? ' instance' : ' instances') : '';
}
if (filter) {
  filter.addEventListener('input', later(applyFilter));
  bad.addEventListener('change', applyFilter);
}

var search = $('search'), found = $('found'), kept = new Map();
function applySearch() {
  var text = search.value.toLowerCase(), hits = 0;
  all('details.log').forEach(function (log) {
    var pre = log.querySelector('pre');
    if (!kept.has(log)) kept.set(log, { html: pre.innerHTML, lines: pre.textContent.split('\n') });
    var whole = kept.get(log);
    if (!text) {
      if (log.hasAttribute('data-searched')) { pre.innerHTML = whole.html; log.open = false; }
      log.removeAttribute('data-searched');
      log.hidden = false;
      return;
    }
    var fitting = whole.lines.filter(function (line) { return line.toLowerCase().indexOf(text) >= 0; });
    hits += fitting.length;
    log.setAttribute('data-searched', '');
    log.hidden = fitting.length === 0;
    log.open = fitting.length > 0;
    pre.textContent = '';
    fitting.slice(0, 500).forEach(function (line) {
      var at = line.toLowerCase().indexOf(text), mark = document.createElement('mark');
      mark.textContent = line.slice(at, at + text.length);
      pre.append(line.slice(0, at), mark, line.slice(at + text.length) + '\n');
    });
  });
  found.textContent = text ? hits + (hits === 1 ? ' line' : ' lines') : '';
}
if (search) search.addEventListener('input', later(applySearch));

function reveal() {
  var target = location.hash.length > 1 && $(decodeURIComponent(location.hash.slice(1)));
  if (target && target.focus) target.focus({ preventScroll: true });
}
addEventListener('hashchange', reveal);
addEventListener('beforeprint', function () { all('details').forEach(function (one) { one.open = true; }); });
})();`;
