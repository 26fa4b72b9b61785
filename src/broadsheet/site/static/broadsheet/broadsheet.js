// For every page: reading controls, pictures in full, players on request. All of it is a link or absent without this file.
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const root = document.documentElement;
const words = $('#words')?.dataset ?? {};
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const keep = (name, value) => {
  try { localStorage.setItem(`broadsheet:${name}`, JSON.stringify(value)); } catch { /* then it holds for this page */ }
};

// Who has an account has an identity here: only then does a discussion ask for what is theirs.
for (const form of $$('.account form')) form.addEventListener('submit', () => keep('known', true));

const aa = $('#aa');
if (aa) startControls(aa);

function startControls(aa) {
  const form = $('form', aa);
  const look = { size: root.dataset.size ?? '1', theme: root.dataset.theme ?? 'system' };
  const close = () => { aa.open = false; };
  for (const name of ['size', 'theme']) form.elements[name].value = look[name];
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('change', ({ target }) => {
    look[target.name] = target.value;
    if (['1', 'system'].includes(target.value)) delete root.dataset[target.name];
    else root.dataset[target.name] = target.value;
    keep('look', look);
  });
  aa.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !aa.open) return;
    close();
    $('summary', aa).focus();
  });
  document.addEventListener('click', ({ target }) => { if (!aa.contains(target)) close(); });
  aa.addEventListener('focusout', ({ relatedTarget }) => { if (relatedTarget && !aa.contains(relatedTarget)) close(); });
}

// What happens while somebody reads, once there is nothing else to fetch.
if ($('[data-meter], .room[data-event]')) addEventListener('load', () => import('./live.js').catch(() => { /* the page is whole without it */ }));

// Drawn anew in its place: what is the same stays, and its bar grows from what it was.
function redraw(old, fresh) {
  if (!old || !fresh || old.outerHTML === fresh.outerHTML) return;
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  const mixed = [...fresh.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  if (mixed || !fresh.children.length) old.replaceChildren(...fresh.childNodes);
  else [...fresh.children].forEach((child, at) => redraw(old.children[at], child));
}
document.addEventListener('broadsheet:meter', async () => {
  const answer = await fetch('/support/meter/').catch(() => ({}));
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const meter of ['.meter', '.mast-meter']) redraw($(meter), $(meter, page));
});
document.addEventListener('broadsheet:edition', () => {
  if ($('.edited')) return;
  const place = make('div', { role: 'status' });
  const again = make('button', { type: 'button', className: 'btn btn-ink arrived edited', onclick: () => location.reload() }, words.edited);
  $('main').append(place);
  setTimeout(() => place.append(again));
});

// A picture in full, over the page: its caption and credit stay, arrows walk a gallery, Escape leads back.
document.addEventListener('click', (event) => {
  const { target } = event;
  const link = target.closest('figure a.full') ?? (target.matches('figure img') && $('a.full', target.closest('figure')));
  if (!link || link.closest('dialog') || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
  event.preventDefault();
  const figure = link.closest('figure');
  const gallery = figure.closest('.gallery');
  const figures = gallery ? $$('figure', gallery).filter((each) => $('a.full', each)) : [figure];
  showInFull(figures.length ? figures : [figure], figures.indexOf(figure), link);
});

function showInFull(figures, at, from) {
  const picture = make('img', {});
  const caption = make('div', { className: 'caption' });
  const place = make('span', { className: 'num' });
  const button = (label, sign, act) => {
    const made = make('button', { type: 'button', className: 'btn' }, sign);
    made.setAttribute('aria-label', label);
    made.addEventListener('click', act);
    return made;
  };
  const bar = make('div', { className: 'bar' }, place, button(words.close, '×', () => view.close()));
  const view = make('dialog', { className: 'view' }, bar, picture, caption);
  view.setAttribute('aria-label', words.full);
  const show = (to) => {
    at = (to + figures.length) % figures.length;
    const small = $('img', figures[at]);
    // The small file first: it is there already, and has the same shape.
    Object.assign(picture, { alt: small.alt, width: small.width, height: small.height, src: small.currentSrc || small.src });
    picture.src = $('a.full', figures[at]).href;
    caption.replaceChildren(...[...($('figcaption', figures[at])?.cloneNode(true).childNodes ?? [])]);
    // What is asked about its words stands on the page below.
    for (const asked of $$('.noted', caption)) asked.replaceWith(...asked.childNodes);
    place.textContent = figures.length > 1 ? `${at + 1} / ${figures.length}` : '';
  };
  if (figures.length > 1) {
    place.setAttribute('role', 'status');
    place.after(button(words.previous, '←', () => show(at - 1)), button(words.next, '→', () => show(at + 1)));
    view.addEventListener('keydown', ({ key }) => {
      const onward = root.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
      if (key === 'ArrowRight' || key === 'ArrowLeft') show(at + (key === onward ? 1 : -1));
    });
  }
  view.addEventListener('click', ({ target }) => { if (target === view) view.close(); });
  view.addEventListener('close', () => {
    view.remove();
    from.focus();
  });
  show(Math.max(at, 0));
  document.body.append(view);
  view.showModal();
}

// A player of another site: nothing is asked of it until a reader says so, and the button says what that tells them.
for (const embed of $$('.embed[data-frame]')) {
  const { frame, title, width, height, load, note } = embed.dataset;
  const button = make('button', { type: 'button', className: 'btn btn-ink' }, load);
  const told = make('p', { className: 'small' }, note);
  embed.prepend(button, told);
  button.addEventListener('click', () => {
    const player = make('iframe', { src: frame, title, width, height, allow: 'fullscreen', referrerPolicy: 'strict-origin-when-cross-origin' });
    player.style.aspectRatio = `${width} / ${height}`;
    told.remove();
    button.replaceWith(player);
    player.focus();
  });
}
