// Looks twice a second whether anything was decided, as long as somebody is here to see it, and if so
// lets the page ask whether that is news. Nothing is asked while a page is drawn, or just after a
// press: that may lead to another page, and a question that still comes from this one would leave
// the other empty. Nor while a list is open, whose choices would change below the pointer. What is
// new in the codebook alone is offered to the page first: one who takes it sees to it (desk_view.js).
const EVERY = 500; // ms
const ASIDE = 1500; // ms after a press
const AWAY = 20_000; // ms after a press on a link; the page that it leads to ends it
const THERE = 30 * 60_000; // ms after the last sign of a person; a session that is left open must end
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "focus"];
const watched = new WeakMap(); // one watch for each place, however often what it is told changes

export default function ({ parentElement, data, setStateValue }) {
  const here = parentElement.host ?? parentElement;
  if (!watched.has(here)) watched.set(here, watch(here));
  Object.assign(watched.get(here), { data, setStateValue });
  return () => watched.get(here)?.end();
}

function watch(here) {
  const own = { data: null, taken: null, setStateValue: null, end };
  const off = new AbortController();
  const watching = { signal: off.signal, capture: true, passive: true };
  let [seen, heldUntil, asked, looking] = [Date.now(), 0, Date.now(), false];

  const app = document.querySelector("[data-testid='stApp']");
  const isDrawing = () => app?.dataset.testScriptState !== "notRunning";
  const drawing = new MutationObserver(() => isDrawing() && (heldUntil = 0));
  if (app) drawing.observe(app, { attributeFilter: ["data-test-script-state"] });

  const hold = (time) => (heldUntil = Math.max(heldUntil, Date.now() + time));
  const press = (event) => {
    if (event.type === "keydown" && !["Enter", " "].includes(event.key)) return;
    const isLink = event.type === "popstate" || event.target.closest?.("a[href]");
    hold(isLink ? AWAY : ASIDE);
  };
  const isBusy = () =>
    document.hidden ||
    Date.now() < heldUntil ||
    Date.now() > seen + THERE ||
    isDrawing() ||
    document.querySelector("[role='listbox']");
  const look = async () => {
    if (!here.isConnected) return end();
    if (isBusy() || looking) return;
    looking = true;
    const now = await standing(own.data.key);
    looking = false;
    if (!here.isConnected || isBusy()) return;
    if (isOther(now, own.data) || (isNewBook(now, own) && !isTaken(now, own)))
      own.setStateValue("asked", (asked += 1));
  };

  document.addEventListener("visibilitychange", look, watching);
  for (const sign of SIGNS) addEventListener(sign, () => (seen = Date.now()), watching);
  for (const each of ["pointerdown", "keydown", "popstate"]) addEventListener(each, press, watching);
  const timer = setInterval(look, EVERY);

  function end() {
    off.abort();
    drawing.disconnect();
    clearInterval(timer);
    watched.delete(here);
  }
  return own;
}

// What stands now; null when the server can't say.
async function standing(key) {
  try {
    const answer = await fetch(`/news/${key}`);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

// Whether what was decided is another than the page was drawn with; yes when nobody can say.
const isOther = (now, { frame, log, lively }) =>
  !now || now.frame !== frame || (lively && now.log !== log);

const isNewBook = (now, { data, taken }) => now.codes !== data.codes && now.codes !== taken;

function isTaken(now, own) {
  const offer = new CustomEvent("coder-codebook", { cancelable: true });
  if (globalThis.dispatchEvent(offer)) return false;
  own.taken = now.codes;
  return true;
}
