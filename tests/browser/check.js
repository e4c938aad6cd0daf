'use strict';
// Looks at every page in a frame of every width and leaves what is wrong as text in the document.
const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));

const ordered = keys => keys.every((key, k) => {
  if (k === 0) return true;
  const before = keys[k - 1];
  for (let j = 0; j < Math.min(key.length, before.length); ++j)
    if (before[j] !== key[j]) return before[j] < key[j];
  return true;
});

const keysOf = (table, column) => [...table.tBodies[0].rows].map(row => row.cells[column].dataset.key)
  .filter(key => key !== undefined).map(key => key.split(' ').map(Number));

const sortTables = (view, complain) => {
  let sorted = 0;
  for (const table of view.document.querySelectorAll('.table > table')) {
    const cells = [...table.tBodies[0].rows[0].cells];
    const column = cells.findIndex((cell, k) => keysOf(table, k).length > 3);
    if (column < 0) continue;
    const header = table.tHead.rows[0].cells[column];
    header.querySelector('button').click();
    if (!ordered(keysOf(table, column))) complain('a column is not sorted: ' + header.textContent);
    header.querySelector('button').click();
    if (!ordered(keysOf(table, column).reverse())) complain('a column is not sorted backwards: ' + header.textContent);
    if (header.getAttribute('aria-sort') !== 'descending') complain('a header does not say how it is sorted');
    ++sorted;
  }
  return sorted;
};

const filterTables = (view, complain) => {
  for (const bar of view.document.querySelectorAll('.filter')) {
    const rows = [...bar.nextElementSibling.querySelectorAll('tbody tr')], text = bar.querySelector('input');
    const word = rows[0].textContent.match(/\S+/)[0];
    text.value = word.toUpperCase();
    text.dispatchEvent(new view.Event('input'));
    for (const row of rows)
      if (row.hidden === row.textContent.toLowerCase().includes(word.toLowerCase())) complain('filtered by ' + word);
    text.value = '';
    text.dispatchEvent(new view.Event('input'));
    const choice = bar.querySelector('select');
    if (choice === null) continue;
    for (const option of choice.options) {
      choice.value = option.value;
      choice.dispatchEvent(new view.Event('change'));
      for (const row of rows) {
        const has = option.value === '' || row.querySelector('[data-verdict="' + option.value + '"]') !== null;
        if (row.hidden === has) complain('filtered by verdict ' + option.value);
      }
    }
    choice.value = '';
    choice.dispatchEvent(new view.Event('change'));
  }
};

const lookAt = async (name, width, dark) => {
  const found = [], complain = what => found.push(name + ' at ' + width + ': ' + what);
  const frame = document.createElement('iframe');
  frame.style = 'border:0;width:' + width + 'px;height:900px';
  const loaded = new Promise(done => frame.addEventListener('load', done));
  frame.src = name;
  document.body.append(frame);
  await loaded;
  const view = frame.contentWindow, page = view.document, root = page.documentElement;
  const overflow = when => {
    if (root.scrollWidth > view.innerWidth) complain(when + ': it is ' + root.scrollWidth + ' pixels wide');
  };
  if (view.innerWidth !== width) complain('the frame is ' + view.innerWidth + ' pixels wide');
  overflow('at first');
  if (page.querySelectorAll('details').length > 0) {
    view.location.hash = '#proof';
    await wait(50);
    if (!page.querySelector('details').open && page.getElementById('proof')) complain('a link to the proof does not open it');
  }
  for (const details of page.querySelectorAll('details')) details.open = true;
  overflow('all open');
  const formulas = [...page.querySelectorAll('math')];
  if (formulas.length === 0) complain('there is no formula');
  for (const formula of formulas)
    if (!(formula.getBoundingClientRect().height > 4)) complain('a formula has no height: ' + formula.textContent);
  if (page.querySelector('merror') !== null) complain('a formula is wrong');
  for (const text of page.querySelectorAll('svg text, svg tspan')) {
    const svg = text.closest('svg'), shrunk = Math.min(1, svg.getBoundingClientRect().width / svg.viewBox.baseVal.width);
    const size = parseFloat(view.getComputedStyle(text).fontSize) * shrunk;
    if (size < 9.9) complain('a text in a picture is ' + size + ' pixels high: ' + text.textContent);
  }
  const ground = view.getComputedStyle(page.body).backgroundColor.match(/\d+/g).map(Number);
  if ((ground[0] < 128) !== dark) complain('its ground is ' + ground);
  const paper = page.querySelector('svg rect');
  if (paper !== null && (view.getComputedStyle(paper).fill.match(/\d+/g).map(Number)[0] < 128) !== dark)
    complain('the ground of a picture is ' + view.getComputedStyle(paper).fill);
  const sorted = sortTables(view, complain);
  if (page.querySelectorAll('.table').length > 0 && sorted === 0) complain('no table was sorted');
  filterTables(view, complain);
  overflow('in the end');
  frame.remove();
  return found;
};

const result = document.createElement('pre');
const run = async () => {
  const { pages, widths, dark } = JSON.parse(document.getElementById('task').textContent);
  const found = [];
  let looked = 0;
  if (matchMedia('(prefers-color-scheme: dark)').matches !== dark) found.push('the browser is not as dark as asked for');
  for (const page of pages)
    for (const width of widths) {
      found.push(...await lookAt(page, width, dark));
      ++looked;
    }
  return { looked, found };
};
run().catch(error => ({ looked: 0, found: [String(error.stack)] })).then(outcome => {
  result.id = 'result';
  result.textContent = JSON.stringify(outcome);
  document.body.append(result);
});
