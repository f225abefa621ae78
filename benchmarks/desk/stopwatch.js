// In the page: the time from each key press to the frame in which another answer is drawn.
// `selector` finds the element that holds the answer, through open shadow roots.
({ selector, id }) => {
  const find = (root, wanted) => {
    const here = root.querySelector(wanted);
    if (here) return here;
    for (const each of root.querySelectorAll('*')) {
      const below = each.shadowRoot && find(each.shadowRoot, wanted);
      if (below) return below;
    }
    return null;
  };
  const text = () => (find(document, selector) || {}).textContent || '';
  const name = () => {
    const found = find(document, id.selector);
    return found ? (id.attribute ? found.getAttribute(id.attribute) : found.textContent) : '';
  };
  const watch = { presses: [], times: [] };
  globalThis.stopwatch = watch;
  window.addEventListener('keydown', (event) => {
    if (!/^[1-9]$/.test(event.key)) return;
    const before = text(), pressed = event.timeStamp;
    watch.presses.push([name(), event.key]);
    const look = () => {
      if (text() !== before) {
        // What was changed before a frame is drawn with it; the next message comes after it.
        const channel = new MessageChannel();
        channel.port1.onmessage = () => watch.times.push(performance.now() - pressed);
        channel.port2.postMessage(0);
      } else if (performance.now() - pressed < 3000) {
        requestAnimationFrame(look);
      }
    };
    requestAnimationFrame(look);
  }, true);
}
