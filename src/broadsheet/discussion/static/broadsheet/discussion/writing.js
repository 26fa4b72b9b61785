// Helps with writing: marks by button and key, a preview, what is left of the length, formatted text that is pasted. Fetched with the first focus.
const NEAR = 500;
const LINK = /^(https?|mailto):\S+$/i;

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
      const onward = document.documentElement.dir === 'rtl' ? -1 : 1;
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
    const answer = await post({ action: event.target.formAction }, new FormData(composer)).catch(() => ({ message: words.lost }));
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
