// Makes a discussion smooth. Every control here is a link or a form that works without this file.
const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const live = $('#live');
const words = live?.dataset ?? {};
const say = (text) => { if (live && text) live.textContent = text; };
const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// What this device remembers. Storage may be full, or switched off: then it remembers nothing.
const trying = (act) => (...given) => {
  try { return act(...given); } catch { return null; }
};
const memory = {
  read: trying((name) => JSON.parse(localStorage[`broadsheet:${name}`])),
  write: trying((name, value) => { localStorage[`broadsheet:${name}`] = JSON.stringify(value); }),
  forget: trying((name) => delete localStorage[`broadsheet:${name}`]),
};
trying(() => {
  for (const name of Object.keys(localStorage)) {
    const short = name.replace('broadsheet:', '');
    if (short.startsWith('draft:') && !(memory.read(short)?.at > Date.now() - 30 * 86_400_000)) memory.forget(short);
  }
})();

const randomKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

// A device is given its identity with the first thing that is taken from it. Until then one thing is
// sent at a time: two at once would come from two people.
let introduced = false;
let turn = Promise.resolve();
function send(form, fields) {
  if (introduced) return post(form, fields);
  const sent = turn.then(() => post(form, fields));
  turn = sent.then(({ ok }) => { introduced ||= ok; }, () => { /* told to who waits for it */ });
  return sent;
}

async function post(form, fields) {
  const response = await fetch(form.action, {
    method: 'POST',
    body: fields,
    headers: { Accept: 'application/json' },
  });
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json');
  const answer = isJson ? await response.json() : { message: words.failed };
  return { ok: response.ok && isJson, ...answer };
}

async function pageAt(url) {
  const response = await fetch(url);
  if (!response.ok) throw Error(response.status);
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

// Whether this page begins elsewhere than the discussion: much that comes is not on it.
const partial = /[?&](at|after|before)=/.test(location.search);

// The page as it is now, in the order that is shown here; how many there are is told at once.
async function anew() {
  const page = await pageAt((!partial && $('.sort a[aria-current]', room)?.href) || location.href).catch(() => null);
  const count = page && $('.count.num', page);
  if (count) $('.count.num', room)?.replaceWith(count);
  return page;
}

// Puts a comment that the server drew where it stands there, with what it answers where that is not here either.
function place(drawn) {
  const here = (item) => document.getElementById($('article', item)?.id)?.closest('li');
  let item = drawn.closest('li');
  let outer;
  while ((outer = item.parentElement.closest('li')) && !here(outer)) item = outer;
  outer &&= here(outer);
  drawn.ariaCurrent = null;
  const copy = document.importNode(item, true);
  const fresh = item.closest('details');
  const replies = outer && $(':scope > details', outer);
  if (outer && !replies) return outer.append(document.importNode(fresh, true));
  if (replies) {
    replies.className = fresh.className;
    $('summary', replies).replaceWith(document.importNode($('summary', fresh), true));
    replies.open = true;
  }
  $('.empty', room)?.remove();
  const all = [...item.parentElement.children];
  const at = all.indexOf(item);
  const before = all.slice(0, at).findLast(here);
  const after = all.slice(at).find(here);
  if (before) here(before).after(copy);
  else if (after) here(after).before(copy);
  else $(replies ? 'ol' : '.thread', replies ?? room).append(copy);
}

// Times: "2 hours ago" for a week, then the date the server wrote.
const relative = new Intl.RelativeTimeFormat($('html').lang || undefined, { numeric: 'auto' });
function tellTimes() {
  for (const time of $$('.c time[datetime]')) {
    const place = $('a', time) ?? time;
    time.title ||= place.textContent.trim();
    const minutes = Math.min(Date.parse(time.dateTime) - Date.now(), 0) / 60_000;
    if (!(minutes >= -7 * 1440)) continue;
    const [value, unit] = minutes > -60 ? [minutes, 'minute'] : minutes > -1440 ? [minutes / 60, 'hour'] : [minutes / 1440, 'day'];
    place.textContent = relative.format(value | 0, unit);
  }
}
tellTimes();
setInterval(tellTimes, 60_000);

const room = $('.room[data-thread]');
const composer = room && $('form.composer', room);
// What is one person's own here, as far as the server told.
const mine = { votes: {}, own: [], editable_until: {} };
const tellMine = (detail = mine) => room.dispatchEvent(new CustomEvent('broadsheet:mine', { detail }));
if (room) {
  followOldAnchor(room);
  startVotes(room);
  if (composer) startComposer(room, composer);
  startNearby(room);
}

const line = $('#invitation');
if (room && line && !memory.read('invited')) startInvitation(room, line);

// Shown to who has scrolled to the end of the story, while its place is still below the window: nothing moves.
function startInvitation(room, line) {
  const floats = line.dataset.bubble === 'floating' && matchMedia('(min-width: 90rem)').matches;
  const look = () => {
    const { top } = line.parentElement.getBoundingClientRect();
    if (floats ? top > innerHeight : top < innerHeight || top > 1.8 * innerHeight) return;
    removeEventListener('scroll', look);
    line.hidden = false;
  };
  const close = () => {
    memory.write('invited', true);
    const title = $('#discussion-title', room);
    title.tabIndex = -1;
    if (line.contains(document.activeElement)) title.focus({ preventScroll: true });
    line.remove();
  };
  addEventListener('scroll', look, { passive: true });
  $('button', line).addEventListener('click', close);
  line.addEventListener('keydown', ({ key }) => { if (key === 'Escape') close(); });
}

// A module that the line does not bring makes nothing smoother, and breaks nothing.
const begin = (module, start) => module.then(({ default: main }) => start(main), () => {});

// What is of use only in the discussion is fetched when it is one window away.
function startNearby(room) {
  const renewed = () => {
    tellTimes();
    tellMine();
  };
  const tools = { $, $$, make, memory, mine, words, say, pageAt, send, renewed, anew, place, partial };
  // A busy browser tells several crossings at once.
  const watch = new IntersectionObserver(async (crossings) => {
    if (!crossings.some(({ isIntersecting }) => isIntersecting)) return;
    watch.disconnect();
    await begin(import('./discussion/reading.js'), (startReading) => startReading(room, tools));
  }, { rootMargin: '100% 0px' });
  watch.observe(room);
}

// The anchor that a comment had on the site it came from leads to the comment, wherever it stands now.
async function followOldAnchor(room) {
  const anchor = location.hash.slice(1);
  if (!/^comment-[\w-]+$/.test(anchor) || document.getElementById(anchor)) return;
  const address = `/t/${room.dataset.thread}/${anchor}/`;
  const found = await fetch(address).catch(() => null);
  if (found?.ok) location.replace(address);
}

function startVotes(room) {
  for (const button of $$('form[data-vote] button', room)) button.ariaPressed = 'false';
  const counts = (form) => $$('.num', form).map((shown) => Number(shown.textContent));
  const show = (form, mine, counted) => {
    for (const button of $$('button', form)) button.ariaPressed = String(Number(button.value) === mine);
    $$('.num', form).forEach((shown, at) => { shown.textContent = counted[at]; });
  };
  // What was pressed last, by form: pressed while a vote is under way, it goes after it.
  const wishes = new Map();

  room.addEventListener('submit', async (event) => {
    const form = event.target.closest('form[data-vote]');
    const button = event.submitter;
    if (!form || !button) return;
    event.preventDefault();
    $('.trouble', form.parentElement)?.remove();
    const pressed = $('button[aria-pressed=true]', form);
    const before = [Number(pressed?.value ?? 0), counts(form)];
    const mine = button === pressed ? 0 : Number(button.value);
    // Useful first, then not useful where that is counted in sight.
    show(form, mine, [1, -1].map((value, at) => before[1][at] + (mine === value) - (before[0] === value)));
    wishes.set(form, { name: button.name, value: mine });
    if (form.dataset.busy) return;
    form.dataset.busy = 'yes';
    await deliver(form, before);
    delete form.dataset.busy;
  });

  // Send the vote until it is the one that was pressed last; `counted` is what the server has.
  async function deliver(form, counted) {
    for (let wish; wish !== wishes.get(form);) {
      wish = wishes.get(form);
      const fields = new FormData(form);
      fields.set(wish.name, wish.value);
      const answer = await send(form, fields).catch(() => ({ message: words.lost }));
      if (!answer.ok) {
        // Back to what the server has, and the reason where the hand is.
        show(form, ...counted);
        const message = answer.message || words.failed;
        form.parentElement.append(make('p', { className: 'trouble' }, message));
        return say(message);
      }
      memory.write('known', true);
      mine.votes[form.dataset.vote] = answer.mine;
      counted = [answer.mine, [answer.up, answer.down]];
    }
    show(form, ...counted);
    say(counted[0] ? words.voted : words.withdrawn);
  }

  room.addEventListener('broadsheet:mine', ({ detail }) => {
    mine.votes = { ...detail.votes, ...mine.votes };
    mine.own = [...new Set([...mine.own, ...detail.own ?? []])];
    Object.assign(mine.editable_until, detail.editable_until);
    for (const [number, value] of Object.entries(detail.votes ?? {})) {
      const form = $(`form[data-vote="${CSS.escape(number)}"]`, room);
      // What was pressed here since is newer than what was asked for.
      if (form && !wishes.has(form)) show(form, value, counts(form));
    }
    // Nobody votes on what they wrote.
    for (const number of detail.own ?? []) {
      for (const button of $$(`form[data-vote="${CSS.escape(String(number))}"] button`, room)) button.disabled = true;
    }
  });
}

function startComposer(room, composer) {
  const thread = room.dataset.thread;
  const text = $('textarea', composer);
  const parent = composer.elements.parent;
  const { key, alt: image } = composer.elements;
  const heading = $('label.h', composer);
  const home = document.createComment('the composer stands here');
  const button = $('.foot button', composer);
  composer.before(home);

  const articleOf = (number) => document.getElementById(`c${number}`);
  // While a comment is under way the composer stays as it was sent.
  const busy = () => composer.ariaBusy === 'true';
  const hold = (now) => {
    composer.ariaBusy = now ? 'true' : null;
    for (const field of $$('textarea, input', composer)) field.readOnly = now;
    for (const control of $$('button', composer)) control.ariaDisabled = now ? 'true' : null;
  };
  const draftName = () => `draft:${thread}:${parent.value || 'story'}`;
  // What is quoted: boxes that are ticked, as the server draws them too.
  const cards = () => $$('.quoting', composer).filter((card) => $('input', card).checked)
    .map((card) => ({ value: $('input', card).value, words: $('blockquote', card)?.textContent ?? '' }));
  const clear = () => {
    text.value = '';
    for (const card of $$('.quoting', composer)) card.remove();
  };
  const clearImage = () => { for (const field of $$('.pic-row input', composer)) field.value = ''; };
  const addCard = ({ value, words: quoted }) => {
    const same = $$('.quoting input', composer).find((box) => box.value === value);
    if (same) { same.checked = true; return touched(); }
    const box = make('input', { type: 'checkbox', name: 'quote', checked: true });
    box.value = value;
    const card = make('div', { className: 'quoting' }, make('label', { className: 'check' }, box, ` ${words.quoting}`));
    if (quoted) card.append(make('blockquote', { dir: 'auto' }, quoted));
    text.before(card);
    touched();
  };
  const keep = () => {
    const quotes = cards();
    const alt = image?.value;
    if (!text.value.trim() && !quotes.length && !alt) return memory.forget(draftName());
    if (key) key.value ||= randomKey();
    memory.write(draftName(), { text: text.value, key: key?.value, at: Date.now(), quotes, alt });
  };
  const touched = () => {
    // Other words are another comment: a key that was sent once does not stand for them.
    if (key && composer.dataset.sent) { key.value = ''; delete composer.dataset.sent; }
    keep();
  };
  const clearProblem = () => {
    $('.refusal', composer)?.remove();
    text.ariaInvalid = null;
    text.removeAttribute('aria-describedby');
  };
  const showProblem = (message) => {
    clearProblem();
    const box = make('div', { className: 'refusal', id: 'composer-refusal', role: 'alert' }, make('p', {}, message));
    composer.prepend(box);
    text.ariaInvalid = 'true';
    text.setAttribute('aria-describedby', box.id);
    text.focus();
  };
  const offerDraft = () => {
    $('.draft', composer)?.remove();
    if (key) key.value = '';
    const draft = memory.read(draftName());
    if (!draft || text.value.trim()) return;
    text.value = draft.text;
    if (image && draft.alt) {
      image.value = draft.alt;
      image.closest('details').open = true;
    }
    if (key) key.value = draft.key ?? '';
    draft.quotes?.forEach(addCard);
    const discard = make('button', { type: 'button', className: 'btn-link' }, words.discard);
    const note = make('p', { className: 'left draft' }, `${words.restored} `, discard);
    discard.addEventListener('click', () => {
      if (busy()) return;
      clear();
      clearImage();
      keep();
      note.remove();
      text.focus();
    });
    text.after(note);
  };
  const goHome = () => {
    keep();
    home.after(composer);
    parent.value = '';
    clear();
    composer.dispatchEvent(new Event('broadsheet:emptied'));
    heading.textContent = words.join;
    $('.cancel', composer)?.remove();
    $('.left:not(.draft)', composer)?.remove();
    clearProblem();
    offerDraft();
  };
  const answer = (number) => {
    const article = articleOf(number);
    if (!article) return false;
    $('.left:not(.draft)', composer)?.remove();
    if (parent.value !== number) {
      keep();
      clear();
      parent.value = number;
      clearProblem();
      offerDraft();
    }
    article.after(composer);
    const name = $('header :is(h3, h4) bdi', article)?.textContent ?? '';
    heading.textContent = (words.replyTo ?? '').replace('NAME', () => name);
    if (!$('.cancel', composer)) {
      const cancel = make('button', { type: 'button', className: 'btn btn-quiet cancel' }, words.cancel);
      cancel.addEventListener('click', () => {
        if (busy()) return;
        const link = $(`[data-reply="${CSS.escape(parent.value)}"]`, room);
        goHome();
        link?.focus();
      });
      button.after(cancel);
    }
    text.focus();
    return true;
  };

  // A form that the server drew with words in it, or as an answer, keeps both.
  if (text.value.trim()) keep(); else offerDraft();
  if (parent.value && location.hash === '#composer') answer(parent.value);
  const who = memory.read('who');
  for (const name of ['name', 'email']) {
    const field = composer.elements[name];
    if (field && !field.value && who?.[name]) field.value = who[name];
  }

  let quoting;
  const quotes = () => quoting ??= import('./discussion/writing.js')
    .then(({ startQuotes: start }) => start({ make, words, say, room, composer, busy, answer, goHome, cards, addCard }));
  document.addEventListener('selectionchange', () => {
    if (!quoting && !getSelection().isCollapsed) quotes().catch(() => { quoting = null; });
  });
  room.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-reply], a[data-quote]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { reply } = link.dataset;
    if (reply && !busy() && !answer(reply)) return;
    event.preventDefault();
    if (!reply) quotes().then((quote) => quote(Number(link.dataset.quote)), () => location.assign(link.href));
  });
  composer.addEventListener('input', ({ target }) => { if (/body|quote|image|alt/.test(target.name)) touched(); });
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      composer.requestSubmit();
    }
  });

  composer.addEventListener('focusin', () => {
    begin(import('./discussion/writing.js'), (startWriting) => startWriting(composer, { $, $$, make, words, say, post }));
  }, { once: true });

  composer.addEventListener('submit', async (event) => {
    // To somewhere else: the preview is a page of its own until its script is here.
    if (event.submitter?.hasAttribute('formaction')) return;
    event.preventDefault();
    if (busy()) return;
    keep();
    clearProblem();
    composer.dataset.sent = 'yes';
    const posted = { text: text.value, parent: parent.value };
    const draft = draftName();
    const fields = new FormData(composer);
    hold(true);
    const result = await send(composer, fields).catch(() => ({ message: words.lost }));
    hold(false);
    if (!result.ok) {
      // Only a browser that fills in too much gets here with the trap; it does not see it to empty it.
      if (result.code === 'trap') composer.elements.website.value = '';
      return showProblem(result.message || words.failed);
    }

    memory.forget(draft);
    memory.write('known', true);
    memory.write('who', { name: composer.elements.name?.value, email: composer.elements.email?.value });
    delete composer.dataset.sent;
    clear();
    clearImage();
    if (key) key.value = '';
    goHome();
    if (result.state === 'held') showHeld({ ...posted, ...result }, true);
    else await showPublished(result);
  });

  function showHeld(held, arrived) {
    if (articleOf(held.number)) return;
    const box = make('div', { className: 'held', id: `c${held.number}`, tabIndex: -1 },
      make('p', {}, held.message),
      make('p', { className: 'typed', dir: 'auto' }, held.text));
    const above = articleOf(held.parent);
    if (above) above.after(box);
    else ($('ol.thread', room) ?? composer).before(box);
    if (!arrived) return;
    tellMine();
    arrive(box, held.message);
  }

  // Drawn by the server, on this very page if it shows it, else where it stands.
  async function drawnBy(number, url) {
    const id = `c${number}`;
    return (await anew())?.getElementById(id) ?? (await pageAt(url)).getElementById(id);
  }

  async function showPublished({ number, url, editable_until: until }) {
    try {
      const drawn = await drawnBy(number, url);
      place(drawn);
      tellTimes();
      for (const earlier of $$('.c.fresh', room)) earlier.classList.remove('fresh');
      const article = articleOf(number);
      article.classList.add('fresh');
      article.tabIndex = -1;
      tellMine({ own: [number], editable_until: until === undefined ? {} : { [number]: until } });
      arrive(article, words.posted);
    } catch {
      // It is published all the same; its address leads to it.
      location.assign(url);
    }
  }

  function arrive(element, message) {
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'center' });
    say(message);
  }

  async function fetchMine() {
    const told = await (await fetch(`/me/thread/${thread}/`)).json();
    if (told.moderator) {
      words.asks = 1;
      import(told.moderator);
    }
    for (const held of told.held) showHeld(held);
    const row = $('.who-row', composer);
    if (!told.guest && row) {
      // An account has its name already, and is signed in.
      $('.hint a:last-child', composer).remove();
      row.replaceWith(make('p', { className: 'left' }, told.writes));
    }
    tellMine(told);
    $('.hint a', composer).insertAdjacentHTML('beforebegin', told.holds);
  }
  // Set once this device has an identity here, so that mere readers cost no second request.
  if (memory.read('known')) fetchMine().catch(() => { /* the page is whole without it */ });
}
