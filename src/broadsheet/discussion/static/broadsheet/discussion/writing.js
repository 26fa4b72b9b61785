// Helps with writing: marks by button and key, a preview, what is left of the length, formatted text that is pasted; and selected
// words that become a quote. Fetched with the first focus in the composer, the first selection, or when "Quote" is pressed.
const NEAR = 500;
const LINK = /^(https?|mailto):\S+$/i;
const PLACES = '.c > .txt, .story .body';
const MOST = 3;
const LONGEST = 600;
const CONTEXT = 64;

export default function startWriting(composer, { $, $$, make, words, say, post }) {
  const text = $('textarea', composer);

  // By the browser's own editing, so that it can be undone.
  function put(start, end, inserted, from = start + inserted.length, to = from) {
    text.focus();
    text.setSelectionRange(start, end);
    if (!document.execCommand('insertText', false, inserted)) {
      text.setRangeText(inserted);
      text.dispatchEvent(new Event('input', { bubbles: true }));
    }
    text.setSelectionRange(from, to);
  }

  function mark(sign) {
    const { selectionStart: start, selectionEnd: end, value } = text;
    const chosen = value.slice(start, end);
    const size = sign.length;
    if (sign === '[') {
      const address = LINK.test(chosen) ? chosen : 'https://';
      const label = address === chosen ? '' : chosen;
      const at = start + (label ? label.length + 3 : 1);
      put(start, end, `[${label}](${address})`, at, label ? at + address.length : at);
    } else if (sign.endsWith(' ')) {
      const from = value.lastIndexOf('\n', start - 1) + 1;
      const to = (value.indexOf('\n', end) + 1 || value.length + 1) - 1;
      const lines = value.slice(from, to).split('\n');
      const marked = lines.every((line) => line.startsWith(sign));
      put(from, to, lines.map((line) => (marked ? line.slice(size) : sign + line)).join('\n'));
    } else if (value.slice(start - size, start) === sign && value.slice(end, end + size) === sign) {
      put(start - size, end + size, chosen, start - size, end - size);
    } else {
      put(start, end, sign + chosen + sign, start + size, end + size);
    }
  }

  // One stop of the Tab key, arrows within.
  const buttons = $$('.tools button', composer);
  buttons.forEach((button, at) => {
    button.tabIndex = at ? -1 : 0;
    button.title = button.ariaLabel;
    button.addEventListener('click', () => { if (!text.readOnly) mark(button.dataset.mark); });
    button.addEventListener('keydown', ({ key }) => {
      const onward = document.dir === 'rtl' ? -1 : 1;
      const to = { ArrowRight: at + onward, ArrowLeft: at - onward, Home: 0, End: buttons.length - 1 }[key];
      if (to === undefined) return;
      button.tabIndex = -1;
      const other = buttons.at(to % buttons.length);
      other.tabIndex = 0;
      other.focus();
    });
  });
  const keys = { b: '**', i: '*', k: '[' };
  const shifted = { Period: '> ', Digit8: '- ' };
  text.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || text.readOnly) return;
    const sign = event.shiftKey ? shifted[event.code] : keys[event.key.toLowerCase()];
    if (!sign) return;
    event.preventDefault();
    mark(sign);
  });

  const left = make('p', { className: 'left num', hidden: true });
  text.after(left);
  const count = () => {
    const rest = text.dataset.limit - [...text.value.trim()].length;
    left.textContent = (rest < 0 ? words.over : words.left).replace('NUMBER', Math.abs(rest));
    // Said where it comes into sight, and at each hundred.
    if (rest <= NEAR && (left.hidden || rest % 100 === 0)) say(left.textContent);
    left.hidden = rest > NEAR;
  };
  count();
  const unlike = () => {
    count();
    $('.preview', composer)?.remove();
  };
  text.addEventListener('input', unlike);
  composer.addEventListener('broadsheet:emptied', unlike);

  $('[formaction]', composer)?.addEventListener('click', async (event) => {
    event.preventDefault();
    if (!composer.reportValidity() || text.readOnly) return;
    const fields = new FormData(composer);
    fields.delete('image');
    const answer = await post({ action: event.target.formAction }, fields).catch(() => ({ message: words.lost }));
    $('.preview', composer)?.remove();
    const shown = make('div', { className: answer.ok ? 'txt' : 'trouble', dir: 'auto' });
    if (answer.ok) shown.append(...new DOMParser().parseFromString(answer.html, 'text/html').body.childNodes);
    else shown.textContent = answer.message || words.failed;
    const box = make('section', { className: 'preview c', ariaLabel: words.preview, tabIndex: -1 }, shown);
    $('.foot', composer).before(box);
    say(answer.ok ? `${words.preview}: ${shown.textContent}` : shown.textContent);
  });

  text.addEventListener('paste', (event) => {
    const pasted = markdownOf(event.clipboardData.getData('text/html'));
    if (!pasted || text.readOnly) return;
    event.preventDefault();
    put(text.selectionStart, text.selectionEnd, pasted);
  });
}

// What formatted text says in our Markdown; '' where nothing in it is formatted. It is parsed where nothing runs or loads, and only its words are taken.
function markdownOf(html) {
  let formatted = false;
  const inner = (node) => [...node.childNodes].map(one).join('');
  const block = (words) => `\n\n${words.trim()}\n\n`;
  const around = (words, before, after = before) => {
    const [, start, core, end] = /^(\s*)([^]*?)(\s*)$/.exec(words);
    if (!core) return words;
    formatted = true;
    return start + before + core + after + end;
  };
  function one(node) {
    if (node.nodeType === 3) return node.data.replace(/\s+/g, ' ');
    const name = node.localName;
    if (!name || /^(script|style|template|title|noscript|iframe|textarea)$/.test(name)) return '';
    const words = inner(node);
    const look = node.dataset?.style ?? '';
    if (name === 'br') return '\n';
    if (/^(b|strong)$/.test(name) && !/weight:\s*(normal|400)/.test(look)) return around(words, '**');
    if (/^(i|em)$/.test(name) && !/style:\s*normal/.test(look)) return around(words, '*');
    if (name === 'a' && LINK.test(node.getAttribute('href'))) {
      return around(words, '[', `](${node.getAttribute('href').replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'))})`);
    }
    if (name === 'li') {
      const at = [...node.parentNode.children].indexOf(node) + 1;
      return `\n${around(words.trim(), node.parentNode.localName === 'ol' ? `${at}. ` : '- ', '')}`;
    }
    if (name === 'blockquote') return block(around(words.trim().replace(/\n{2,}/g, '\n\n').replace(/\n/g, '\n> '), '> ', ''));
    return /^(p|div|ul|ol|h[1-6]|tr|pre|section|article)$/.test(name) ? block(words) : words;
  }
  // Styles and handlers would not come to anything, but the page's policy would complain of them.
  const plain = html.replace(/<style[^]*?<\/style>/gi, '')
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s/"'])(style|on\w+)(?=\s*=)/gi, '$1data-$2'));
  const words = inner(new DOMParser().parseFromString(plain, 'text/html').body);
  return formatted ? words.replace(/[ \t]*\n[ \t]*/g, '\n').replace(/\n{3,}/g, '\n\n').trim() : '';
}

export function startQuotes({ make, words, say, room, composer, busy, answer, goHome, cards, addCard }) {
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
  // Who may ask is known a moment after the page is there.
  room.addEventListener('broadsheet:mine', follow);
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
