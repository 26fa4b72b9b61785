// The queue with a script. A decision leaves the list at once and comes back when the server says no; single keys are off
// until somebody switches them on; who else is at a comment is asked for while the page is looked at.
const page = document.querySelector("[data-queue]"), list = document.getElementById("items"), told = document.getElementById("told");
const words = page.dataset, lately = page.querySelector(".lately"), KEYS = "broadsheet:queue-keys";
const LEAVES = /^(publish|restore|dismiss|hold|remove|remove_branch|uphold)( |$)/, CLAIMS = /^(take|ask|release)$/;
const of = (item) => item.querySelector(".case"), number = (item) => of(item).dataset.comment;
const items = () => list ? [...list.children] : [];
// What was decided from this page, by the address that undoes it: the item, and where it stood.
const left = new Map();
// Open stories ask who one is, and bring these tools, from now on.
try { localStorage["broadsheet:known"] = "true"; } catch { /* Then they do when one has written. */ }
let sending = Promise.resolve(), open = 0, asking = false;

/** Send forms one after the other, so that undoing comes after what it undoes. */
function send(url, body) {
  open++;
  const answer = sending.then(async () => {
    try {
      const got = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
      return { ok: got.ok, ...await got.json() };
    } catch { return { ok: false, message: words.failed }; } finally { open--; }
  });
  sending = answer;
  return answer;
}

function element(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...more });
}

function say(message, undo) {
  told.replaceChildren(element("p", message), ...undo ? [undo] : []);
  told.className = "notice now";
  told.hidden = false;
}

function undoing(sequence) {
  const form = element("form", "", { method: "post", action: words.undoAt.replace("/1/", `/${sequence}/`) });
  form.dataset.undo = "";
  form.append(element("button", words.undo, { className: "btn btn-quiet" }));
  return form;
}

function count(item, by) {
  const reasons = [...item.querySelectorAll("[data-reason]")].map((one) => one.dataset.reason);
  for (const reason of ["", ...reasons]) {
    const shown = page.querySelector(`[data-list="${reason}"] .num`);
    if (reasons.length && /^\d+$/.test(shown?.textContent)) shown.textContent = +shown.textContent + by;
  }
}

function look(item) {
  if (!item) return;
  of(item).focus({ preventScroll: true });
  of(item).scrollIntoView({ block: "nearest" });
}

/** What somebody else did with it: who and what, and nothing to press. */
function over(item, last) {
  const line = item.querySelector(".last");
  line.textContent = last;
  line.hidden = false;
  of(item).classList.add("gone");
}

async function decide(form, button) {
  const item = form.closest("li"), body = new URLSearchParams(new FormData(form, button));
  if (!item.isConnected) return;
  const place = document.createComment(""), here = item.contains(document.activeElement) || document.activeElement === document.body;
  const next = item.nextElementSibling ?? item.previousElementSibling;
  item.replaceWith(place);
  count(item, -1);
  if (here) look(next);
  page.querySelector(".empty-now").hidden = items().length > 0;
  more();
  const answer = await send(form.action, body);
  if (answer.ok) {
    item.querySelectorAll("details[data-key]").forEach((one) => one.open = false);
    item.querySelector(".refused")?.remove();
    const line = element("li", "");
    const said = element("p", `${item.querySelector("h3").textContent}: `, { className: "small" });
    said.append(element("q", item.querySelector(".case > .txt").textContent.trim().slice(0, 120), { dir: "auto" }));
    line.append(element("p", answer.message), said, undoing(answer.sequence));
    line.dataset.decision = answer.sequence;
    line.dataset.mine = "";
    lately.prepend(line);
    left.set(undoing(answer.sequence).action, { item, place });
    say(answer.message, undoing(answer.sequence));
    return;
  }
  place.replaceWith(item);
  count(item, 1);
  page.querySelector(".empty-now").hidden = true;
  item.querySelector(".refused")?.remove();
  of(item).prepend(element("p", answer.message, { className: "refusal refused" }));
  if (answer.waits === false) over(item, answer.last);
  say(`${words.back.replace("NUMBER", number(item))} ${answer.message}`);
  if (document.activeElement === document.body) look(item);
}

async function undo(form) {
  const known = left.get(form.action), line = [...lately.children].find((one) => one.querySelector("form")?.action === form.action);
  if (form.dataset.sent) return;
  form.dataset.sent = "";
  if (line) line.hidden = true;
  const answer = await send(form.action, new URLSearchParams(new FormData(form)));
  say(answer.message);
  if (!answer.ok) {
    delete form.dataset.sent;
    if (line) line.hidden = false;
    return;
  }
  line?.remove();
  if (!known) return;
  left.delete(form.action);
  known.place.replaceWith(known.item);
  count(known.item, 1);
  page.querySelector(".empty-now").hidden = true;
  look(known.item);
}

async function claim(form, button) {
  const item = form.closest("li"), answer = await send(form.action, new URLSearchParams(new FormData(form, button)));
  say(answer.message);
  if (answer.ok || answer.claim) claimed(item, answer);
}

function claimed(item, now) {
  const shown = item.querySelector(".claim");
  shown.textContent = now.claim;
  shown.hidden = !now.claim;
}

document.addEventListener("submit", (event) => {
  const form = event.target, does = event.submitter?.value ?? "";
  if (form.matches("[data-undo]") && !form.closest(".queue")) { event.preventDefault(); undo(form); }
  if (!list?.contains(form) || !form.matches(".decide")) return;
  if (LEAVES.test(does)) { event.preventDefault(); decide(form, event.submitter); }
  if (CLAIMS.test(does)) { event.preventDefault(); claim(form, event.submitter); }
});
addEventListener("beforeunload", (event) => { if (open) event.preventDefault(); });

/** Fetch the next page before this one ends. */
async function more() {
  const link = page.querySelector(".older a[rel=next]");
  if (!link || asking || items().length > 12) return;
  asking = true;
  try {
    const got = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
    const there = new Set(items().map(number));
    for (const item of got.querySelectorAll("#items > li")) if (!there.has(number(item))) list.append(document.adoptNode(item));
    const further = got.querySelector(".older a[rel=next]");
    if (further) link.href = further.href; else link.parentElement.remove();
    page.querySelector(".empty-now").hidden = items().length > 0;
    if (on && document.activeElement === document.body) look(items()[0]);
  } catch { /* The link stays, and leads there. */ }
  asking = false;
}

async function others() {
  const numbers = items().map(number).slice(0, 100);
  if (document.hidden || !numbers.length) return;
  try {
    const now = await (await fetch(`${words.now}?of=${numbers}`, { headers: { Accept: "application/json" } })).json();
    for (const item of items()) {
      const known = now[number(item)];
      if (known) claimed(item, known);
      if (known?.waits) of(item).classList.remove("gone");
      if (known && !known.waits && words.show !== "newest") over(item, known.last);
    }
  } catch { /* Asked again soon. */ }
}
setInterval(others, 5000);

// Keys.
const keys = page.querySelector(".keys"), help = document.getElementById("keys"), toggle = page.querySelector("[data-keys]"), shows = page.querySelector("[data-help]");
let on = false;
try { on = localStorage.getItem(KEYS) === "on"; } catch { /* Not kept, then. */ }
function switched() {
  toggle.setAttribute("aria-pressed", on);
  page.toggleAttribute("data-keys-on", on);
}
function helping() {
  help.hidden = !help.hidden;
  shows.setAttribute("aria-expanded", !help.hidden);
}
toggle.addEventListener("click", () => {
  on = !on;
  try { localStorage.setItem(KEYS, on ? "on" : "off"); } catch { /* As above. */ }
  switched();
});
shows.addEventListener("click", helping);
keys.hidden = false;
switched();
if (on && document.activeElement === document.body) look(items()[0]);

const current = () => items().find((item) => item.contains(document.activeElement));
function unfold(item, key) {
  const panel = item.querySelector(`details[data-key="${key}"]`);
  if (!panel) return;
  const opens = !panel.open;
  item.querySelectorAll("details[data-key]").forEach((one) => one.open = one === panel && opens);
  (opens && panel.querySelector(".panel > .rules button") || panel.querySelector("summary")).focus();
}
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (!on || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (target.matches("textarea, select, input:not([type=checkbox]), [contenteditable]")) return;
  const here = current(), item = here ?? items()[0];
  const panel = item?.querySelector("details[data-key=r][open], details[data-key=b][open], details[data-key=s][open]");
  if (key === "?") helping();
  else if (key === "u") sending.then(() => lately.querySelector("[data-mine]:not([hidden]) form")?.requestSubmit());
  else if (!item) return;
  // What nobody looks at is not decided about.
  else if (!here && /^[jkarbs.]$/.test(key)) look(item);
  else if (key === "j" || key === "k") look(key === "j" ? here.nextElementSibling : here.previousElementSibling);
  else if (key === "a") item.querySelector("button[data-key=a]")?.click();
  else if (key === "r" || key === "b" || key === "s" || key === ".") unfold(item, key);
  else if (key === "Escape" && here?.querySelector("details[data-key][open]")) { here.querySelectorAll("details[data-key]").forEach((one) => one.open = false); look(here); }
  else if (panel && /^[1-9]$/.test(key)) panel.querySelectorAll(".panel > .rules button")[key - 1]?.click();
  else return;
  event.preventDefault();
});
