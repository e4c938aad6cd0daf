'use strict';
// Tables are sorted by a click on a header and filtered by text and verdict; folded parts open where a link or a
// printer needs them. Without this script everything is there, in the order of the report.
(() => {
  const keyOf = (row, column) => {
    const key = row.cells[column].dataset.key;
    return key === undefined ? null : key.split(' ').map(Number);
  };
  const compareKeys = (a, b) => {
    if (a === null || b === null) return (a === null ? 1 : 0) - (b === null ? 1 : 0);
    for (let k = 0; k !== Math.min(a.length, b.length); ++k) {
      const order = a[k] === b[k] ? 0 : a[k] - b[k];
      if (order !== 0) return order;
    }
    return 0;
  };
  const sortBy = (table, column, descending) => {
    const body = table.tBodies[0], rows = [...body.rows], sign = descending ? -1 : 1;
    const numeric = rows.some(row => keyOf(row, column) !== null);
    const textOf = row => row.cells[column].textContent;
    rows.sort((a, b) => {
      if (!numeric) return sign * textOf(a).localeCompare(textOf(b), 'en', { numeric: true });
      const x = keyOf(a, column), y = keyOf(b, column);
      return x === null || y === null ? compareKeys(x, y) : sign * compareKeys(x, y);
    });
    body.append(...rows);
  };
  const makeSortable = table => {
    const headers = [...table.tHead.rows[0].cells];
    headers.forEach((header, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.title = 'sort';
      const links = header.querySelector('a') !== null;
      if (links || header.textContent === '') button.textContent = '\u2195';
      else button.append(...header.childNodes);
      header.append(button);
      button.addEventListener('click', () => {
        const descending = header.getAttribute('aria-sort') === 'ascending';
        headers.forEach(each => each.removeAttribute('aria-sort'));
        header.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
        sortBy(table, column, descending);
      });
    });
  };
  const makeFilter = table => {
    const rows = [...table.tBodies[0].rows], least = 6;
    if (least > rows.length) return;
    const bar = document.createElement('div'), text = document.createElement('input');
    const count = document.createElement('span'), choice = document.createElement('select');
    bar.className = 'filter';
    text.type = 'search';
    text.placeholder = 'filter rows';
    text.setAttribute('aria-label', 'filter rows by text');
    choice.setAttribute('aria-label', 'filter rows by verdict');
    const found = new Set([...table.querySelectorAll('[data-verdict]')].map(cell => cell.dataset.verdict));
    for (const name of ['', 'holds', 'fails', 'undecided', 'not-applicable'])
      if (name === '' || found.has(name)) choice.add(new Option(name === '' ? 'any verdict' : name.replace('-', ' '), name));
    const update = () => {
      const wanted = text.value.toLowerCase();
      let shown = 0;
      for (const row of rows) {
        const fits = row.textContent.toLowerCase().includes(wanted);
        const verdict = choice.value === '' || row.querySelector('[data-verdict="' + choice.value + '"]') !== null;
        row.hidden = !(fits ? verdict : false);
        if (!row.hidden) ++shown;
      }
      count.textContent = shown === rows.length ? '' : shown + ' of ' + rows.length + ' rows';
    };
    text.addEventListener('input', update);
    choice.addEventListener('change', update);
    bar.append(text);
    if (found.size > 0) bar.append(choice);
    bar.append(count);
    table.parentElement.before(bar);
  };
  const openAround = element => {
    for (let each = element; each; each = each.parentElement) if (each.tagName === 'DETAILS') each.open = true;
  };
  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target === null) return;
    openAround(target);
    if (target.tagName === 'TR') target.hidden = false;
    target.scrollIntoView();
  };
  for (const table of document.querySelectorAll('.table > table')) {
    makeSortable(table);
    makeFilter(table);
  }
  addEventListener('hashchange', openTarget);
  if (location.hash !== '') openTarget();
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = [...document.querySelectorAll('details:not([open])')];
    for (const each of closed) each.open = true;
  });
  addEventListener('afterprint', () => {
    for (const each of closed) each.open = false;
  });
})();
