// What happens on this page while somebody looks at it, over one event stream. Where that does not get through, it is asked for now and then.
const FIRST = 30_000;
const LAST = 300_000;
const room = document.querySelector('.room[data-event]');
const meter = document.querySelector('[data-meter]');
const drawn = Number(room?.dataset.event ?? 0);
let event = drawn;
let listener;
let near = () => !room;
let stream;
let timer;
let began = false;
let blocked = 0;
let pause = FIRST;
let asked = Date.now();

const dispatch = (name) => document.dispatchEvent(new Event(`broadsheet:${name}`));
const paused = () => {
  try { return localStorage['broadsheet:paused'] === 'true'; } catch { return false; }
};

if (room || meter) {
  for (const change of ['visibilitychange', 'change']) document.addEventListener(change, plan);
  // The wait for the next attempt was for when there is no line.
  addEventListener('online', () => {
    stop();
    blocked = 0;
    plan();
  });
  plan();
}

// Tells whoever comes what has happened since the page was drawn, and then what happens. It is asked only while `isNear`.
export function follow(listening, isNear) {
  listener = listening;
  near = isNear;
  if (event > drawn) ask(drawn);
}

// Only where it is looked at: a page in another tab neither listens nor asks.
export function plan() {
  clearTimeout(timer);
  if (document.hidden || paused()) stop();
  else if (!stream && Date.now() > blocked) open();
  else if (!stream && near()) timer = setTimeout(ask, asked + pause - Date.now());
}

function stop() {
  stream?.close();
  stream = null;
}

function open() {
  const source = stream = new EventSource(`/live/?${room ? `thread=${room.dataset.thread}&since=${event}` : ''}${meter ? '&meter=1' : ''}`);
  const give = () => {
    stop();
    blocked = Date.now() + LAST;
    plan();
  };
  source.onmessage = ({ data }) => tell(JSON.parse(data));
  // While it comes back by itself it is not closed.
  source.onerror = () => { if (source === stream && source.readyState > 1) give(); };
  // Some proxies keep to themselves what does not end.
  setTimeout(() => { if (source === stream && !source.readyState) give(); }, FIRST);
  // Of the meter nobody tells what happened while there was no stream, also where it came back by itself.
  source.onopen = () => {
    if (began) tell({ meter: true });
    began = true;
  };
}

// Many are told at the same moment: what each then fetches is not fetched by all at once.
function tell({ changed, closed, ...news }) {
  if (news.meter) return setTimeout(dispatch, 1500 * Math.random(), 'meter');
  note(news);
  listener?.(news);
  later({ changed, closed }, 1500 * Math.random());
}

function later(news, wait) {
  setTimeout(() => listener?.(news).catch(() => later(news, FIRST)), wait);
}

function note(news) {
  event = news.event;
  for (const place of document.querySelectorAll('.room-head .count, [href="#discussion"]')) place.textContent = news.counted;
  if (news.edition > room.dataset.edition) dispatch('edition');
}

async function ask(since = event) {
  asked = Date.now();
  pause = Math.min(pause * 1.5, LAST);
  if (meter) dispatch('meter');
  if (!room) return plan();
  try {
    const answer = await fetch(`/t/${room.dataset.thread}/since/${since}/`);
    if (answer.ok) {
      const news = await answer.json();
      if (news.new.length + news.changed.length) pause = FIRST;
      if (news.event >= event) note(news);
      await listener(news);
      if (news.more) return ask(news.event);
    }
  } catch { /* the next time, then */ }
  plan();
}
