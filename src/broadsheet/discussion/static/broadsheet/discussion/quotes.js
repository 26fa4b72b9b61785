// Selected words become a quote. Fetched with the first selection, or when "Quote" is pressed.
const PLACES = '.c > .txt, .story .body';
const MOST = 3;
const LONGEST = 600;
const CONTEXT = 64;

export default function startQuotes({ make, words, say, room, composer, busy, answer, goHome, cards, addCard }) {
  const elementOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
  const textBetween = (from, to) => {
    const range = document.createRange();
    range.setStart(...from);
    range.setEnd(...to);
    return textOf(range);
  };
  // What is asked beside the story is not in it.
  const textOf = (range) => {
    const part = range.cloneContents();
    for (const note of part.querySelectorAll('.beside')) note.remove();
    return part.textContent;
  };

  // What is selected now, if it is in a comment or in the story: what goes over an edge is cut off there.
  function selected() {
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0).cloneRange();
    const box = elementOf(range.startContainer)?.closest(PLACES) ?? elementOf(range.endContainer)?.closest(PLACES);
    if (!box || elementOf(range.startContainer).closest('.beside')) return null;
    if (!box.contains(range.startContainer)) range.setStart(box, 0);
    if (!box.contains(range.endContainer)) range.setEnd(box, box.childNodes.length);
    const exact = textOf(range).trim();
    const article = box.closest('[data-comment]');
    if (!exact || exact.length > LONGEST || (!article && box.closest('.c'))) return null;
    return {
      range,
      source: article ? Number(article.dataset.comment) : null,
      exact,
      prefix: textBetween([box, 0], [range.startContainer, range.startOffset]).slice(-CONTEXT),
      suffix: textBetween([range.endContainer, range.endOffset], [box, box.childNodes.length]).slice(0, CONTEXT),
    };
  }

  const button = make('button', { type: 'button', className: 'btn btn-ink quote-it', hidden: true }, words.quote);
  const ask = make('a', { className: 'btn btn-ink ask-it', hidden: true }, words.ask);
  document.body.append(button, ask);
  let now = null;
  let before = null;

  function follow() {
    now = selected();
    button.hidden = !now;
    ask.hidden = !now || now.source || !words.asks;
    if (!now) return;
    // Below the words, where a phone's own menu is not.
    const box = now.range.getBoundingClientRect();
    [button, ask].forEach((one, at) => {
      const most = document.documentElement.clientWidth - one.offsetWidth - 8;
      one.style.left = `${scrollX + Math.max(8, Math.min(box.left, most))}px`;
      one.style.top = `${scrollY + box.bottom + 10 + 52 * at}px`;
    });
    ask.href = `/t/${room.dataset.thread}/notes/new/?${new URLSearchParams({ phrase: now.exact, before: now.prefix, after: now.suffix })}`;
  }

  function use({ source, exact, prefix, suffix }) {
    place(source, { value: JSON.stringify({ source, exact, prefix, suffix }), words: exact });
  }

  function place(source, card) {
    if (busy()) return;
    if (cards().length >= MOST) return say(words.quotesFull);
    const text = composer.elements.body;
    // Words that are under way take the quote with them, wherever they are written.
    if (!text.value.trim() && !cards().length) {
      if (source) answer(String(source)); else goHome();
    }
    addCard(card);
    button.hidden = ask.hidden = true;
    text.focus();
    say(words.quoted);
  }

  document.addEventListener('selectionchange', follow);
  // A press on a link ends the selection before it is a click.
  document.addEventListener('pointerdown', () => { before = now; }, true);
  document.addEventListener('keydown', (event) => {
    before = null;
    if (event.key === 'Escape') button.hidden = ask.hidden = true;
  }, true);
  for (const one of [button, ask]) one.addEventListener('mousedown', (event) => event.preventDefault());
  button.addEventListener('click', () => { if (now) use(now); });
  follow();

  // What "Quote" at a comment means: the words selected in it, or all of it.
  return (number) => {
    const chosen = [now, before].find((one) => one?.source === number);
    if (chosen) return use(chosen);
    const whole = room.querySelector(`#c${number} > .txt`)?.textContent.trim() ?? '';
    const start = whole.length > LONGEST ? `${whole.slice(0, LONGEST)} …` : whole;
    place(number, { value: JSON.stringify({ source: number, whole: true }), words: start });
  };
}
