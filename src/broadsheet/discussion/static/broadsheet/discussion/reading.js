// What this device knows of a reader: the usual order, what is new since the last visit, keys. Fetched when a discussion comes near.
const VISIT = 30 * 60_000;
const THREADS = 300;

export default async function startReading(room, { $, $$, make, memory, words, pageAt, renewed }) {
  const articles = () => $$('article.c', room).filter((article) => article.checkVisibility?.() ?? true);
  await inUsualOrder();
  const since = lastVisit();
  const isNew = (article) => Number(article.dataset.event) > since;
  const unmark = (article) => {
    delete article.dataset.new;
    for (const mark of $$('.new, .next', article)) mark.remove();
  };
  const head = make('button', { type: 'button', className: 'btn btn-quiet next' });
  head.addEventListener('click', () => next());
  markNew();
  room.addEventListener('broadsheet:mine', ({ detail }) => {
    for (const number of detail.own ?? []) {
      const article = document.getElementById(`c${number}`);
      if (article?.matches('[data-new]')) unmark(article);
    }
    count();
  });
  startKeys();

  // The order chosen last, if the address names none and nobody sees the list yet: nothing moves under the eyes.
  async function inUsualOrder() {
    const orderOf = (address) => new URL(address).searchParams.get('sort');
    room.addEventListener('click', ({ target }) => {
      const order = target.closest('.sort a[href*="sort="]');
      if (order) memory.write('sort', orderOf(order.href));
    });
    const usual = memory.read('sort');
    const link = $$('.sort a', room).find((each) => usual && orderOf(each.href) === usual);
    const unseen = () => room.getBoundingClientRect().top > innerHeight && !$('.thread .composer', room);
    if (!link || link.ariaCurrent || /[?&](sort|after|reply|show)=/.test(location.search) || location.hash || !unseen()) return;
    const page = await pageAt(link.href).catch(() => null);
    if (!page || !unseen()) return;
    for (const part of ['.room-head', 'ol.thread', '.endbar']) {
      const drawn = $(`.room ${part}`, page);
      if (drawn) $(part, room)?.replaceWith(document.importNode(drawn, true));
    }
    renewed();
  }

  // The thread's event up to which everything was there at the last visit. Half an hour away ends a visit.
  function lastVisit() {
    const all = memory.read('seen') ?? {};
    const known = all[room.dataset.thread];
    const event = Number(room.dataset.event ?? NaN);
    const now = Date.now();
    const before = known ? (Math.abs(now - known.at) < VISIT ? known.base : known.seen) : Infinity;
    // On the page of one comment most of the thread is not to be seen.
    if (Number.isNaN(event)) return before;
    all[room.dataset.thread] = { base: Math.min(before, event), seen: Math.max(event, known?.seen ?? 0), at: now };
    const kept = Object.entries(all).sort((one, other) => other[1].at - one[1].at).slice(0, THREADS);
    memory.write('seen', Object.fromEntries(kept));
    return before;
  }

  function markNew() {
    for (const article of $$('article.c[data-event]', room).filter(isNew)) {
      if (article.matches('.fresh')) continue;
      article.dataset.new = '';
      $('header :is(h3, h4)', article)?.after(make('span', { className: 'new' }, words.new));
      const onward = make('button', { type: 'button', className: 'next' }, words.next);
      onward.addEventListener('click', () => next(article));
      $('.acts', article)?.append(onward);
    }
    count();
  }

  function count() {
    const number = $$('.c[data-new]', room).length;
    head.textContent = words.nextNew.replace('NUMBER', number);
    if (!number) head.remove();
    else if (!head.isConnected) $('.room-head', room)?.append(head);
  }

  function go(article) {
    for (let around = article?.parentElement; around; around = around.parentElement) if (around.matches('details')) around.open = true;
    if (!article) return;
    article.tabIndex = -1;
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: 'start' });
  }

  // The one after the comment that has the focus, or else after what is above the window's upper edge.
  function step(list, from, back) {
    const here = from ?? document.activeElement?.closest('article.c');
    const beyond = list.filter((each) => (here
      ? here.compareDocumentPosition(each) & (back ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING)
      : (each.getBoundingClientRect().top < 0) === Boolean(back)));
    return back ? beyond.at(-1) : beyond[0];
  }

  function next(from) {
    const fresh = $$('.c[data-new]', room);
    go(step(fresh, from) ?? fresh[0]);
  }

  // Single keys answer only whom they were switched on by: a voice that types would press them all.
  function startKeys() {
    const box = $('#single-keys', room);
    if (!box) return;
    box.closest('details').hidden = false;
    box.checked = memory.read('keys') === true;
    box.addEventListener('change', () => memory.write('keys', box.checked));
    const does = { n: () => next(), j: () => go(step(articles())), k: () => go(step(articles(), undefined, true)) };
    document.addEventListener('keydown', (event) => {
      const act = does[event.key];
      if (!act || !box.checked || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target.closest('input:not([type=checkbox]), textarea, select, [contenteditable], dialog')) return;
      event.preventDefault();
      act();
    });
  }
}
