// The queue's tools at each comment of an open page. Only who may moderate is told where this module is; its words come with
// its address, and whatever else it needs is fetched when somebody wants to decide.
const told = new URL(import.meta.url).searchParams, queue = told.get("queue");
const window_ = Object.assign(document.createElement("dialog"), { className: "over" });
const room = document.getElementById("discussion") ?? document.querySelector("main");
let from;

function element(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...more });
}

/** The way to the queue, which opens here where it can. */
function link(article) {
  const number = article.dataset.comment, acts = article.querySelector(".acts");
  // About what its author took back there is nothing to decide, and no entry of the log to lead to.
  if (!acts && !article.querySelector(".gone a") || article.querySelector("[data-moderate]")) return;
  const way = element("a", told.get("label"), { href: `${queue}?comment=${number}` });
  way.dataset.moderate = number;
  (acts ?? article).append(" ", way);
}

const links = () => document.querySelectorAll("article.c[data-comment]").forEach(link);

async function fetched(address) {
  const got = await fetch(address);
  if (!got.ok) throw new Error(got.status);
  return new DOMParser().parseFromString(await got.text(), "text/html");
}

async function open(way) {
  const number = way.dataset.moderate;
  let page;
  try { page = await fetched(way.href); } catch { location.assign(way.href); return; }
  const item = page.querySelector(`.case[data-comment="${number}"]`), style = page.querySelector('link[href*="queue"]');
  if (!item) { location.assign(way.href); return; }
  if (style && !document.querySelector(`link[href="${style.getAttribute("href")}"]`)) document.head.append(document.adoptNode(style));
  item.removeAttribute("id");
  from = way;
  const shut = element("button", told.get("close"), { type: "button", className: "btn btn-quiet" });
  shut.addEventListener("click", () => window_.close());
  const said = element("div", "", { className: "said" });
  said.role = "status";
  window_.ariaLabel = item.getAttribute("aria-label");
  window_.words = page.querySelector("[data-queue]").dataset;
  window_.replaceChildren(said, document.adoptNode(item), shut);
  window_.showModal();
  item.focus({ preventScroll: true });
}

function say(message, ...more) {
  const said = window_.querySelector(".said");
  said.replaceChildren(element("p", message, { className: more.length ? "" : "refusal" }), ...more);
  said.scrollIntoView({ block: "nearest" });
}

async function send(action, body) {
  try {
    const got = await fetch(action, { method: "POST", body, headers: { Accept: "application/json" } });
    return { ok: got.ok, ...await got.json() };
  } catch { return { ok: false, message: window_.words.failed }; }
}

/** Comments that became stubs, or are read again, are drawn as the page has them now. */
async function redraw() {
  const now = await fetched(location.href).catch(() => null);
  for (const old of now ? document.querySelectorAll("article.c[data-comment]") : []) {
    const fresh = now.querySelector(`article.c[data-comment="${old.dataset.comment}"]`);
    if (fresh && !fresh.querySelector(".gone") !== !old.querySelector(".gone")) old.replaceWith(document.adoptNode(fresh));
  }
  links();
}

async function decide(form, button) {
  const answer = await send(form.action, new URLSearchParams(new FormData(form, button)));
  if (!answer.ok) { say(answer.message); return; }
  const { undo, undoAt } = window_.words, back = element("button", undo, { type: "button", className: "btn btn-quiet" });
  back.addEventListener("click", async () => {
    back.disabled = true;
    const undone = await send(undoAt.replace("/1/", `/${answer.sequence}/`), new URLSearchParams());
    back.disabled = false;
    if (!undone.ok) { say(undone.message); window_.querySelector(".said").append(back); return; }
    say(undone.message, element("span", ""));
    redraw();
  });
  say(answer.message, ...answer.sequence ? [back] : [element("span", "")]);
  if (answer.sequence) { form.closest(".case").remove(); back.focus(); redraw(); }
}

document.body.append(window_);
window_.addEventListener("close", () => (from?.isConnected ? from : document.querySelector(`[data-moderate="${from?.dataset.moderate}"]`))?.focus());
window_.addEventListener("submit", (event) => {
  // What goes elsewhere leads to a page of its own, as in the queue.
  if (event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  decide(event.target, event.submitter);
});
document.addEventListener("click", (event) => {
  const way = event.target.closest?.("a[data-moderate]");
  if (!way || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(way);
});
new MutationObserver(links).observe(room, { childList: true, subtree: true });
links();
