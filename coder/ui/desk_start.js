// One desk for each study and coder, and one view for each place on the page. Streamlit may put the
// component up anew, and may call for cleaning up while it stays: so what is known lives outside of
// what is seen, and nothing is torn down before one has looked.
const DESKS = (globalThis.__coderDesks ??= new Map());
const VIEWS = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  if (!DESKS.has(data.name)) DESKS.set(data.name, new Desk(data.name));
  const desk = DESKS.get(data.name);
  if (!VIEWS.has(parentElement)) VIEWS.set(parentElement, new View(parentElement));
  const view = VIEWS.get(parentElement);
  desk.words = data.words;
  desk.data = data;
  view.bind(desk);
  desk.receive(data, setStateValue);
  return () =>
    setTimeout(() => {
      if ((parentElement.host ?? parentElement).isConnected) return;
      if (VIEWS.get(parentElement) !== view) return;
      view.leave();
      VIEWS.delete(parentElement);
      desk.draw = () => {};
    }, 0);
}
