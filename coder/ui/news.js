// Looks twice a second whether anything was decided, as long as somebody is here to see it, and if so
// lets the page ask whether that is news. Nothing is asked while a page is drawn, or just after a
// press: that may lead to another page, and a question that still comes from this one would leave
// the other empty. Nor while a list is open, whose choices would change below the pointer.
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
  const own = { data: null, setStateValue: null, end };
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
    const mayBeNews = await isOther(own.data);
    looking = false;
    if (mayBeNews && here.isConnected && !isBusy()) own.setStateValue("asked", (asked += 1));
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

// Whether what was decided is another than the page was drawn with; yes when the server can't say.
async function isOther({ key, frame, log, lively }) {
  try {
    const answer = await fetch(`/news/${key}`);
    if (!answer.ok) return true;
    const now = await answer.json();
    return now.frame !== frame || (lively && now.log !== log);
  } catch {
    return true;
  }
}
