// Asks the server twice a second whether there is news, as long as somebody is here to see it. Nothing
// is asked while a page is drawn, or just after a press, which may lead to another page: what still
// comes from this page would leave that one empty. Nor while a list is open, whose choices would
// change below the pointer.
const EVERY = 500; // ms
const ASIDE = 1500; // ms after a press
const THERE = 30 * 60_000; // ms after the last sign of a person; a session that is left open must end
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "focus"];

export default function ({ parentElement, setStateValue }) {
  const here = parentElement.host ?? parentElement;
  const off = new AbortController();
  const watching = { signal: off.signal, capture: true, passive: true };
  let [seen, heldUntil, asked] = [Date.now(), 0, Date.now()];

  const press = (event) => {
    const isPress = event.type !== "keydown" || ["Enter", " "].includes(event.key);
    if (isPress) heldUntil = Date.now() + ASIDE;
  };
  const isBusy = () =>
    document.hidden ||
    Date.now() < heldUntil ||
    Date.now() > seen + THERE ||
    document.querySelector("[role='listbox']") ||
    document.querySelector("[data-testid='stApp']")?.dataset.testScriptState !== "notRunning";
  const ask = () => {
    if (!here.isConnected) return off.abort();
    if (!isBusy()) setStateValue("asked", (asked += 1));
  };

  document.addEventListener("visibilitychange", ask, watching);
  for (const sign of SIGNS) addEventListener(sign, () => (seen = Date.now()), watching);
  for (const each of ["pointerdown", "keydown", "popstate"]) addEventListener(each, press, watching);
  const timer = setInterval(ask, EVERY);
  off.signal.addEventListener("abort", () => clearInterval(timer));
  return () => off.abort();
}
