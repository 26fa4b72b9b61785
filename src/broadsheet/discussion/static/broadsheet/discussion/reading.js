// What this device knows of a reader: the usual order, what is new since the last visit, keys, whom to mute; and what is their own.
// Fetched when a discussion comes near, in one piece: two would weigh a tenth more.
import { follow, plan } from '../live.js';

// A control is called by what it says and by whose comment it is for.
const whose = (control, id, number) => {
  control.id = id;
  control.setAttribute('aria-labelledby', `${id} n${number}`);
};

export default async function startReading(room, tools) {
  const { $, $$, make, memory, words, pageAt, renewed } = tools;
  const button = tools.button = (className, label, onclick) => make('button', { type: 'button', className, onclick }, label);
  const articles = () => $$('article.c', room).filter((article) => article.checkVisibility?.() ?? true);
  await inUsualOrder();
  startMuting(room, tools);
  startOwn(room, tools);
  const since = lastVisit();
  const arrived = new Set();
  const isNew = (article) => Number(article.dataset.event) > since || arrived.has(article);
  const unmark = (article) => {
    delete article.dataset.new;
    for (const mark of $$('.new, .next', article)) mark.remove();
  };
  const head = button('btn btn-quiet next', '', () => next());
  markNew();
  room.addEventListener('broadsheet:mine', ({ detail }) => {
    for (const number of detail.own ?? []) {
      const article = document.getElementById(`c${number}`);
      if (article?.matches('[data-new]')) unmark(article);
    }
    count();
    if (detail.own?.length) part('a', 'yours', words.mine.replace('NUMBER', detail.own.length)).href = `/me/thread/${room.dataset.thread}/comments/`;
  });
  for (const box of $$('.settings [type=checkbox]', room)) {
    $('.settings', room).hidden = false;
    box.checked = memory.read(box.name);
    box.addEventListener('change', () => {
      memory.write(box.name, box.checked);
      // Images are hidden by style, before this is here.
      $('html').toggleAttribute(`data-${box.name}`, box.checked);
    });
    if (box.name === 'keys') startKeys(box);
  }
  if (room.dataset.event && !/show=/.test(location.search)) startArrivals(room, { ...tools, welcome });

  // What came while somebody read, and was asked for just now: marked, and the focus on the first of it.
  function welcome(fresh) {
    for (const article of fresh) {
      arrived.add(article);
      article.classList.add('told');
    }
    room.dataset.event = Math.max(room.dataset.event, ...fresh.map((article) => article.dataset.event));
    lastVisit();
    renewed();
    markNew();
    go(articles().find((article) => fresh.includes(article)));
  }

  // One more of the parts of the discussion that can be shown.
  function part(tag, name, label) {
    const parts = $('.show', room);
    let made = $(`.${name}`, parts ?? room);
    if (!made) {
      made = make(tag, { className: name });
      $('ul', parts ?? room)?.append(make('li', {}, made));
      if (parts) parts.hidden = false;
    }
    made.textContent = label;
    return made;
  }

  function onlyNew(event) {
    event.target.ariaPressed = String(room.classList.toggle('only-new'));
  }

  // The order chosen last, if the address names none and nobody sees the list yet: nothing moves under the eyes.
  async function inUsualOrder() {
    room.addEventListener('click', ({ target }) => {
      const order = target.closest('.sort a[href*="sort="]');
      if (order) memory.write('sort', new URL(order.href).searchParams.get('sort'));
    });
    const usual = memory.read('sort');
    if (usual) for (const link of $$('a[href*="?at="]')) link.search += `&sort=${usual}`;
    const link = usual && $(`.sort a[href*="sort=${usual}"]`, room);
    const unseen = () => room.getBoundingClientRect().top > innerHeight && !$('.thread .composer', room);
    if (!link || link.ariaCurrent || /(sort|after|reply|show)=/.test(location.search) || location.hash || !unseen()) return;
    const page = await pageAt(link.href).catch(() => null);
    if (!page || !unseen()) return;
    for (const part of ['.room-head', 'ol.thread', '.endbar']) {
      const drawn = $(`.room ${part}`, page);
      if (drawn) $(part, room)?.replaceWith(drawn);
    }
    renewed();
  }

  // The thread's event up to which everything was there at the last visit. Half an hour away ends a visit.
  function lastVisit() {
    const all = memory.read('seen') ?? {};
    const known = all[room.dataset.thread];
    const event = Number(room.dataset.event);
    const now = Date.now();
    const before = known ? (Math.abs(now - known.at) < 30 * 60_000 ? known.base : known.seen) : Infinity;
    // On the page of one comment most of the thread is not to be seen.
    if (Number.isNaN(event)) return before;
    all[room.dataset.thread] = { base: Math.min(before, event), seen: Math.max(event, known?.seen ?? 0), at: now };
    const kept = Object.entries(all).sort((one, other) => other[1].at - one[1].at).slice(0, 300);
    memory.write('seen', Object.fromEntries(kept));
    return before;
  }

  function markNew() {
    for (const article of $$('article.c[data-event]', room).filter(isNew)) {
      if (article.matches('.fresh, [data-new]')) continue;
      article.dataset.new = '';
      $('header :is(h3, h4)', article)?.after(make('span', { className: 'new' }, words.new));
      const onward = button('next', words.next, () => next(article));
      $('.acts', article)?.append(onward, make('a', { className: 'next', href: `#${article.id}`, onclick: () => $('.unread', room).click() }, words.all));
    }
    count();
  }

  function count() {
    const number = $$('.c[data-new]:not(.muted)', room).length;
    head.textContent = words.nextNew.replace('NUMBER', number);
    if (number) {
      if (!head.isConnected) $('.room-head', room)?.append(head);
      const only = part('button', 'unread', words.unread.replace('NUMBER', number));
      only.onclick ??= onlyNew;
      only.ariaPressed ??= 'false';
    } else {
      head.remove();
      $('.show .unread', room)?.parentElement.remove();
      room.classList.remove('only-new');
    }
  }

  function go(article) {
    if (!article) return;
    for (let around = article; (around = around.parentElement.closest('details'));) around.open = true;
    article.tabIndex = -1;
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: 'start' });
  }

  // The one after the comment that has the focus, or else after what is above the window's upper edge.
  function step(list, from, back) {
    const here = from ?? document.activeElement?.closest('article.c');
    // 2 says that it precedes, 4 that it follows (Node.DOCUMENT_POSITION_…).
    const beyond = list.filter((each) => (here
      ? here.compareDocumentPosition(each) & (back ? 2 : 4)
      : (each.getBoundingClientRect().top < 0) === Boolean(back)));
    return back ? beyond.at(-1) : beyond[0];
  }

  function next(from) {
    const fresh = $$('.c[data-new]:not(.muted)', room);
    go(step(fresh, from) ?? fresh[0]);
  }

  // Single keys answer only whom they were switched on by: a voice that types would press them all.
  function startKeys(box) {
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

// People and words that somebody would rather not meet. What is muted is folded, never gone.
function startMuting(room, { $, $$, make, button, memory, words, say, renewed }) {
  const muted = { people: [], words: [], ...memory.read('muted') };
  const list = $('#muted', room);
  const form = $('#mute', room);
  const nameOf = (article) => $('header bdi', article)?.textContent;
  // A numbered guest is somebody else in another discussion.
  const placeOf = (name) => (name.replace(/\d+/, 'NUMBER') === words.guest ? room.dataset.thread : '');
  const isMuted = (name) => muted.people.some(([person, place]) => person === name && place === placeOf(name));
  const quoted = (word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const holds = (text) => muted.words.some((word) => RegExp(`(?<![\\p{L}\\p{N}])${quoted(word)}(?![\\p{L}\\p{N}])`, 'iu').test(text));

  function change() {
    memory.write('muted', muted);
    tell();
    renewed();
  }

  function fold() {
    for (const article of $$('article.c', room)) {
      const name = nameOf(article);
      if (!name) continue;
      offer(article, name);
      const hide = isMuted(name) || holds($('.txt', article)?.textContent ?? '');
      const line = $(':scope > .unmute', article);
      if (!hide) {
        line?.remove();
        article.classList.remove('muted');
      } else if (!line) {
        article.classList.add('muted');
        const shown = button('btn-link unmute', '', () => label(!article.classList.toggle('muted')));
        const label = (open) => {
          shown.ariaExpanded = String(open);
          shown.textContent = (open ? words.fold : words.muted).replace('NAME', () => name);
        };
        label(false);
        article.prepend(shown);
      }
    }
  }

  function offer(article, name) {
    const acts = $('.acts', article);
    if (!acts || $('.menu', acts)) return;
    const number = article.dataset.comment;
    for (const vote of $$('.vote button', acts)) {
      whose(vote, `v${vote.value}-${number}`, number);
      vote.ariaPressed ??= 'false';
    }
    const summary = make('summary', { ariaLabel: words.menu.replace('NAME', () => name) }, '⋯');
    const mute = button('', words.mute.replace('NAME', () => name), () => {
      muted.people.push([name, placeOf(name)]);
      change();
      $('.unmute', article)?.focus();
      say(words.muted.replace('NAME', () => name));
    });
    acts.append(make('details', { className: 'menu' }, summary, mute));
    const pic = $('.pic', article);
    pic?.append(button('btn-link', words.showImage.replace('NAME', () => $('img', pic).alt), () => {
      pic.classList.add('open');
      $('a', pic).focus();
    }));
  }

  function tell() {
    const item = (shown, label, from, at) => make('li', {}, make('bdi', {}, shown), ' ', button('btn-link', label, () => {
      from.splice(at, 1);
      change();
      ($('button', list) ?? $('input', form)).focus();
    }));
    list.replaceChildren(
      ...muted.people.map(([name], at) => item(name, words.unmute.replace('NAME', () => name), muted.people, at)),
      ...muted.words.map((word, at) => item(`“${word}”`, words.unmute.replace('NAME', () => word), muted.words, at)),
    );
  }

  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    const field = $('input', form);
    const word = field.value.trim();
    field.value = '';
    if (!word || muted.words.includes(word)) return;
    muted.words.push(word);
    change();
  });
  if (list) tell();
  fold();
  room.addEventListener('broadsheet:mine', fold);
}

// Changing, withdrawing and reporting in place: the form of the page that the link leads to, below the comment.
function startOwn(room, { $, $$, make, button, memory, mine, words, say, pageAt, send, renewed }) {
  const link = (number, verb) => {
    const made = make('a', { href: `/c/${number}/${verb}/`, rel: 'nofollow' }, words[verb]);
    made.dataset.own = verb;
    whose(made, verb + number, number);
    return made;
  };
  const offer = () => {
    for (const acts of $$('article.c > .acts', room)) {
      const number = acts.parentElement.dataset.comment;
      const own = mine.own.includes(Number(number));
      const verbs = own ? (number in mine.editable_until ? 'edit withdraw' : 'withdraw') : 'report';
      if (acts.dataset.own === verbs) continue;
      acts.dataset.own = verbs;
      for (const old of $$('a[data-own]', acts)) old.remove();
      const menu = $('.menu', acts);
      if (own) for (const verb of verbs.split(' ')) acts.insertBefore(link(number, verb), menu);
      else (menu ?? acts).append(link(number, verbs));
    }
    for (const box of $$('.held[id^=c]:not(:has(a[data-own]))', room)) {
      const number = box.id.slice(1);
      box.append(make('p', {}, link(number, 'edit'), ' ', link(number, 'withdraw')));
      for (const made of $$('a[data-own]', box)) made.removeAttribute('aria-labelledby');
    }
  };
  offer();
  room.addEventListener('broadsheet:mine', offer);

  room.addEventListener('click', (event) => {
    const pressed = event.target.closest('.acts a[data-own]');
    if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(pressed);
  });

  async function open(pressed) {
    const article = pressed.closest('article');
    const number = article.dataset.comment;
    const verb = pressed.dataset.own;
    const form = await pageAt(pressed.href).then((page) => $('form[data-own]', page), () => null);
    // Without a form the page says why there is none.
    if (!form) return location.assign(pressed.href);
    $('form[data-own]', article)?.remove();
    const { body } = form.elements;
    const draft = `draft:edit:${number}`;
    $('.actions', form).append(button('btn btn-quiet', words.cancel, () => {
      if (form.ariaBusy) return;
      memory.forget(draft);
      form.remove();
      $(`a[data-own=${verb}]`, article)?.focus();
    }));
    if (body) {
      const kept = memory.read(draft)?.text;
      if (kept && kept !== body.value) {
        body.value = kept;
        body.after(make('span', { className: 'left' }, words.restored));
      }
      body.addEventListener('input', () => memory.write(draft, { text: body.value, at: Date.now() }));
    }
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (form.ariaBusy) return;
      $('.refusal', form)?.remove();
      form.ariaBusy = 'true';
      const answer = await send(form, new FormData(form)).catch(() => ({ message: words.lost }));
      form.ariaBusy = null;
      if (!answer.ok) return refuse(form, pressed.href, answer);
      memory.write('known', true);
      memory.forget(draft);
      if (verb === 'report') arrive(form, make('p', { className: 'notice' }, answer.message), answer.message);
      else await redraw(article, answer);
    });
    article.append(form);
    $('textarea, select, button', form).focus();
  }

  async function refuse(form, address, answer) {
    const message = answer.message || words.failed;
    const box = make('div', { className: 'refusal', role: 'alert' }, make('p', {}, message));
    if (answer.code === 'edit_conflict') {
      // Both texts: what stands there now above what was typed, which the next attempt is about.
      const now = await pageAt(address).then((page) => $('form[data-own]', page), () => null);
      if (now) {
        form.elements.seen.value = now.elements.seen.value;
        box.append(make('p', { className: 'typed', dir: 'auto' }, now.elements.body.value));
      }
    }
    form.prepend(box);
    $('textarea, select, button', form).focus();
  }

  // As the server draws it now: other words, or a stub.
  async function redraw(article, { number, message, state }) {
    try {
      const fresh = (await pageAt(`/c/${number}/`)).getElementById(article.id);
      if (!article.ariaCurrent) fresh.ariaCurrent = null;
      if (state === 'held') fresh.append(make('p', { className: 'trouble' }, message));
      arrive(article, fresh, message);
      renewed();
    } catch {
      location.assign(`/c/${number}/`);
    }
  }

  function arrive(old, fresh, message) {
    fresh.tabIndex = -1;
    old.replaceWith(fresh);
    fresh.focus({ preventScroll: true });
    say(message);
  }
}

// What comes while somebody reads waits behind a button, and moves nothing until it is pressed.
function startArrivals(room, { $, $$, button, words, say, pageAt, anew, place, partial, renewed, welcome }) {
  let near = true;
  let busy = false;
  let many = '';
  let spoken = 0;
  let speech;
  const waiting = new Set();
  const composer = $('form.composer', room);
  const here = (number) => $(`article#c${number}`);
  const arrived = button('btn btn-reader arrived', '', show);
  arrived.hidden = true;
  $('.thread', room)?.before(arrived);

  new IntersectionObserver((crossings) => {
    near = crossings.at(-1).isIntersecting;
    tell();
    plan();
  }).observe(room);
  room.addEventListener('broadsheet:mine', tell);
  follow(hear, () => near);

  function tell() {
    for (const number of waiting) if (here(number)) waiting.delete(number);
    const number = waiting.size + many;
    arrived.textContent = words.arrived.replace('NUMBER', number);
    arrived.hidden = !near || number === '0';
  }

  async function hear(news) {
    const known = waiting.size;
    news.new?.forEach(waiting.add, waiting);
    if (news.reset) many = '+';
    for (const [number, totals] of Object.entries(news.votes ?? {})) {
      $$(`[data-vote="${number}"]:not([data-busy]) .num`, room).forEach((shown, at) => { shown.textContent = totals[at]; });
    }
    for (const number of news.changed ?? []) {
      waiting.delete(number);
      if (here(number)) await redraw(number);
    }
    if (composer && 'closed' in news && news.closed !== room.matches('.shut')) await shut(news.closed);
    tell();
    if (waiting.size <= known) return;
    // Who listens to the page hears of it every ten seconds at most.
    clearTimeout(speech);
    speech = setTimeout(() => {
      spoken = Date.now();
      if (!arrived.hidden) say(arrived.textContent);
    }, spoken + 10_000 - Date.now());
  }

  // Closed meanwhile, or opened again. What was typed stays, to be copied.
  async function shut(now) {
    const notice = now && $('.notice.closed', await anew());
    if (now) say(notice.textContent);
    if (now) composer.before(notice);
    else $('.notice.closed', room).remove();
    room.classList.toggle('shut', now);
  }

  // In its place: a removed one becomes a stub. Who has the focus in it keeps it there, who has a form open in it is left alone.
  async function redraw(number) {
    const drawn = (await pageAt(`/c/${number}/`)).getElementById(`c${number}`);
    const article = here(number);
    if (!drawn || $('textarea, .actions', article)) return;
    const held = article.contains(document.activeElement);
    article.replaceChildren(...drawn.childNodes);
    article.className = 'c told';
    delete article.dataset.new;
    if (held) {
      article.tabIndex = -1;
      article.focus({ preventScroll: true });
    }
    renewed();
  }

  async function show() {
    if (many) return location.reload();
    if (busy) return;
    busy = true;
    const wanted = [...waiting];
    const pages = [await anew()];
    const shown = [];
    let away;
    try {
      for (const number of wanted) {
        if (!here(number)) {
          const find = () => pages.map((page) => page?.getElementById(`c${number}`)).find(Boolean);
          if (!find() && partial) {
            away ??= number;
            continue;
          }
          if (!find()) pages.push(await pageAt(`/c/${number}/`));
          // A comment of one's own that waited is here in another form.
          $(`#c${number}`, room)?.remove();
          place(find());
        }
        if (here(number)) shown.push(here(number));
      }
    } catch {
      say(words.unreached);
    }
    busy = false;
    tell();
    if (shown.length) welcome(shown);
    else if (away) location.assign(`${$('.sort a[aria-current]', room).search}&at=${away}#c${away}`);
  }
}
