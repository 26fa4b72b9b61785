// Filing a story from a bad line: nothing that was typed is lost, and a photo is made small before it travels.
// Everything here is a form that works without this file.
const form = document.querySelector('form[data-filing]');
const words = form.dataset;
const status = form.querySelector('[role=status]');
const fields = () => [...form.querySelectorAll('input[type=text], input:not([type]), textarea, select')];
const key = `broadsheet:filing:${words.filing}`;
const LONGEST = 2400;

const kept = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
const forget = () => { try { localStorage.removeItem(key); } catch { /* it remembers nothing */ } };
function keep() {
  const values = Object.fromEntries(fields().map((field) => [field.name, field.value]));
  try { localStorage.setItem(key, JSON.stringify({ values, at: Date.now() })); } catch { /* full or off */ }
}

function say(text, ...more) { status.replaceChildren(text, ...more); }
function button(text, act) {
  const made = Object.assign(document.createElement('button'), { type: 'button', className: 'btn-link', textContent: text });
  made.addEventListener('click', act);
  return made;
}

// Words that are on this device and not in the form: what the server drew goes first where it is newer.
const draft = kept();
if (draft?.values) {
  const differs = fields().some((field) => (draft.values[field.name] ?? '') !== field.value);
  const older = words.saved && Date.parse(words.saved) > draft.at;
  if (!differs || older || form.closest('.filing').querySelector('.refusal')) { if (older) forget(); }
  else {
    const note = document.createElement('div');
    note.className = 'notice';
    const use = () => {
      for (const field of fields()) if (field.name in draft.values) field.value = draft.values[field.name];
      note.remove();
      fields()[0].focus();
    };
    const line = document.createElement('p');
    line.append(words.kept, ' ', button(words.use, use), ' ', button(words.discard, () => { forget(); note.remove(); }));
    note.append(line);
    form.before(note);
  }
}
form.addEventListener('input', keep);

async function small(file) {
  if (!file?.size || !file.type.startsWith('image/')) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 1_500_000) return file;
    const canvas = Object.assign(document.createElement('canvas'), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, 'image/jpeg', 0.86); });
    return blob && blob.size < file.size ? new File([blob], `${file.name.replace(/\.\w+$/, '')}.jpg`, { type: 'image/jpeg' }) : file;
  } catch { return file; } // One that this browser cannot draw, such as HEIC, travels as it is.
}

function show(errors) {
  for (const [name, texts] of Object.entries(errors ?? {})) {
    const field = form.elements[name];
    if (!field) continue;
    const line = Object.assign(document.createElement('span'), { className: 'errors', id: `${field.id}_error`, textContent: texts.join(' ') });
    field.after(line);
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', line.id);
  }
  form.querySelector('[aria-invalid=true]')?.focus();
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (form.getAttribute('aria-busy')) return;
  keep();
  for (const old of form.querySelectorAll('.errors')) old.remove();
  for (const field of form.querySelectorAll('[aria-invalid]')) { field.removeAttribute('aria-invalid'); field.removeAttribute('aria-describedby'); }
  form.setAttribute('aria-busy', 'true');
  say(words.sending);
  try {
    const data = new FormData(form, event.submitter);
    const photo = data.get('photo');
    if (photo?.size) data.set('photo', await small(photo));
    const response = await fetch(form.action || location.href, { method: 'POST', body: data, headers: { Accept: 'application/json' }, credentials: 'same-origin' });
    const isJson = (response.headers.get('Content-Type') ?? '').startsWith('application/json');
    const answer = isJson ? await response.json() : {};
    if (response.ok && isJson) {
      forget();
      // Going back from the preview leads to the draft, not to an empty form.
      history.replaceState(null, '', answer.edit);
      location.assign(answer.url);
      return;
    }
    // Somebody else saved meanwhile: sent once more, this becomes the newest draft, as the message says.
    if (answer.overrule && form.elements.revision) form.elements.revision.value = '';
    const link = answer.sign_in ? Object.assign(document.createElement('a'), { href: answer.sign_in, target: '_blank', rel: 'noopener', textContent: words.signIn }) : '';
    say(answer.message || words.failed, ' ', link);
    show(answer.errors);
  } catch {
    say(words.lost);
  } finally {
    form.removeAttribute('aria-busy');
  }
});
