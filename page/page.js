'use strict';
(() => {
  const root = document.documentElement, $ = s => document.querySelector(s), $$ = s => [...document.querySelectorAll(s)];
  root.classList.add('scripted');

  // Light and dark: what the system says until somebody presses the button.
  const theme = $('#theme'), system = matchMedia('(prefers-color-scheme: dark)');
  const store = (() => { try { return localStorage; } catch { return null; } })();
  const dark = () => root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
  const label = () => {
    theme.textContent = dark() ? 'Light' : 'Dark';
    theme.setAttribute('aria-label', dark() ? 'Light colours' : 'Dark colours');
    theme.removeAttribute('aria-pressed');
  };
  const kept = store && store.getItem('onrecord-theme');
  if (kept === 'dark' || kept === 'light') root.dataset.theme = kept;
  theme.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    if (store) store.setItem('onrecord-theme', root.dataset.theme);
    label();
  });
  system.addEventListener('change', label);
  label();

  // Marks: every element that names an address in data-i belongs to it.
  const marks = new Map();
  for (const e of $$('#text [data-i], h1 [data-i]')) {
    for (const id of e.dataset.i.split(' ')) {
      if (!marks.has(id)) marks.set(id, []);
      marks.get(id).push(e);
    }
  }
  const entries = new Map();
  for (const e of $$('aside [data-i], #briefing [data-i]')) entries.set(e.dataset.i, e);
  const light = (id, name, on) => {
    for (const e of marks.get(id) || []) e.classList.toggle(name, on);
    const entry = entries.get(id);
    if (entry && name === 'on') entry.classList.toggle(name, on);
  };

  // The address: its passage and its entry are marked, both come into view.
  let current = '';
  const beside = () => matchMedia('(min-width: 62.01rem)').matches;
  const into = (box, e) => {
    if (!box || !e || !box.contains(e)) return;
    const b = box.getBoundingClientRect(), r = e.getBoundingClientRect();
    if (r.top < b.top || r.bottom > b.bottom) box.scrollTop += r.top - b.top - b.height / 4;
  };
  const follow = () => {
    light(current, 'on', false);
    const hash = decodeURIComponent(location.hash.slice(1));
    const target = hash && document.getElementById(hash);
    current = target ? target.dataset.i || '' : '';
    if (!current || current.includes(' ')) { current = ''; return; }
    light(current, 'on', true);
    const entry = entries.get(current);
    if (target === entry || !beside()) return;
    into($('aside'), entry);
  };
  addEventListener('hashchange', follow);
  // From a list to the text the other column stays; from the text to a list the text does.
  document.addEventListener('click', e => {
    const link = e.target.closest && e.target.closest('a[href^="#"]');
    if (!link || !beside() || e.metaKey || e.ctrlKey || e.shiftKey) return;
    const target = document.getElementById(link.hash.slice(1));
    if (!target || !target.closest('aside') || !target.dataset.i) return;
    e.preventDefault();
    history.pushState(null, '', link.hash);
    follow();
    into($('aside'), target);
    const back = target.querySelector('a.num');
    if (back) back.focus({preventScroll: true});
  });
  addEventListener('popstate', follow);

  // The card: who, role, verb, rank and reasons, of whatever is pointed at.
  const card = $('#card');
  let pinned = false, leaving = 0;
  const fill = ids => {
    card.replaceChildren();
    for (const id of ids) {
      const entry = entries.get(id);
      const gist = entry && /^[qck]/.test(id) && (entry.querySelector('.gist'));
      if (!gist) continue;
      const box = document.createElement('div'), voice = entry.closest('.voice');
      if (id[0] === 'q') {
        const head = document.createElement('h4');
        head.textContent = voice && voice.querySelector('h3').lastElementChild ? voice.querySelector('h3').lastElementChild.textContent.trim() : '';
        if (head.textContent) box.append(head);
        const role = voice && voice.querySelector('.role');
        if (role) box.append(role.cloneNode(true));
      }
      const copy = gist.cloneNode(true);
      for (const a of copy.querySelectorAll('a')) {
        a.setAttribute('href', '#' + entry.id);
        a.setAttribute('tabindex', '-1');
        a.removeAttribute('aria-label');
        a.textContent = ({q: 'quotation ', c: 'claim ', k: 'disagreement '})[id[0]] + a.textContent;
      }
      box.append(copy);
      card.append(box);
    }
    return card.childElementCount > 0;
  };
  const show = (at, ids, x) => {
    clearTimeout(leaving);
    if (!fill(ids)) return;
    card.hidden = false;
    if (!matchMedia('(min-width: 62.01rem)').matches) { card.removeAttribute('style'); return; }
    const lines = [...at.getClientRects()], r = lines.find(l => x === undefined || (x >= l.left && x <= l.right)) || lines[0];
    const left = Math.max(8, Math.min((x === undefined ? r.left : x - 40), innerWidth - card.offsetWidth - 16));
    const below = r.bottom + 8 + card.offsetHeight < innerHeight || r.top < card.offsetHeight + 8;
    card.style.left = left + scrollX + 'px';
    card.style.top = (below ? r.bottom + 8 : r.top - 8 - card.offsetHeight) + scrollY + 'px';
  };
  const hide = () => { card.hidden = true; pinned = false; };
  const of = e => e.target.closest && e.target.closest('#text [data-i], h1 [data-i]');
  document.addEventListener('pointerover', e => {
    const entry = e.target.closest && e.target.closest('aside [data-i], #briefing [data-i]');
    for (const m of $$('.m.hot')) m.classList.remove('hot');
    if (entry) light(entry.dataset.i, 'hot', true);
    if (pinned || e.pointerType === 'touch') return;
    const m = of(e);
    if (m) show(m, m.dataset.i.split(' '), e.clientX);
    else if (!card.hidden && !card.contains(e.target)) { clearTimeout(leaving); leaving = setTimeout(() => { if (!pinned) hide(); }, 250); }
    else clearTimeout(leaving);
  });
  document.addEventListener('focusin', e => {
    const m = of(e);
    if (m && m.matches(':focus-visible')) { pinned = false; show(m, m.dataset.i.split(' ')); }
    else if (!card.contains(e.target)) hide();
  });
  document.addEventListener('click', e => {
    const m = of(e);
    if (m && !e.target.closest('a')) { show(m, m.dataset.i.split(' '), e.clientX); pinned = !card.hidden; }
    else if (!card.contains(e.target) || e.target.closest('a')) hide();
  });
  document.addEventListener('keydown', e => { if (e.key === 'Escape') hide(); });

  // One speaker only.
  const picks = $$('.pick');
  const only = n => {
    for (const b of picks) b.setAttribute('aria-pressed', String(b.dataset.only === n));
    const mine = new Set();
    for (const v of $$('.voice')) {
      v.hidden = n !== '' && v.dataset.voice !== n;
      if (!v.hidden) for (const e of v.querySelectorAll('[data-i]')) mine.add(e.dataset.i);
    }
    let claims = 0;
    for (const c of $$('#claims [data-voice]')) {
      c.hidden = n !== '' && c.dataset.voice !== n;
      if (!c.hidden) { mine.add(c.dataset.i); claims += c.id ? 1 : 0; }
    }
    for (const e of $$('article :is(.q, .c, .k, .chip, .flag)[data-i]')) {
      e.classList.toggle('dim', n !== '' && !e.dataset.i.split(' ').some(i => mine.has(i)));
    }
    const quotes = [...mine].filter(i => i[0] === 'q').length;
    const one = (k, s) => k + ' ' + s + (k === 1 ? '' : 's');
    $('#shown').textContent = n === '' ? '' : 'Showing ' + one(quotes, 'quotation') + ' and ' + one(claims, 'claim') + '.';
  };
  for (const b of picks) b.addEventListener('click', () => only(b.getAttribute('aria-pressed') === 'true' ? '' : b.dataset.only));

  // Paper has no folds.
  let folded = [];
  addEventListener('beforeprint', () => { folded = $$('details:not([open])'); for (const d of folded) d.open = true; });
  addEventListener('afterprint', () => { for (const d of folded) d.open = false; });

  follow();
})();
