// Places in an answer are counted in Unicode code points, as Python counts: an emoji is one, though
// it takes two of JavaScript's units.
const points = (text) => Array.from(text);
const pointsBefore = (text, unit) => points(text.slice(0, unit)).length;

// An answer cut where a segment, or what is being marked, begins or ends: {start, end, codes (that
// are on it), ends (codes whose segment ends with it), picked}.
function pieces(length, segments, picked) {
  const spans = [...segments.map((each) => each.span), ...(picked ? [picked] : [])];
  const cuts = [...new Set([0, length, ...spans.flat()])]
    .filter((cut) => cut >= 0 && cut <= length)
    .sort((a, b) => a - b);
  return cuts.slice(1).map((end, no) => {
    const start = cuts[no];
    const covers = ([from, to]) => from <= start && end <= to;
    const on = segments.filter((each) => covers(each.span));
    return {
      start,
      end,
      codes: on.map((each) => each.code),
      ends: on.filter((each) => each.span[1] === end).map((each) => each.code),
      picked: Boolean(picked && covers(picked)),
    };
  });
}

// The words of an answer as spans, for marking with the keyboard.
function wordSpans(text) {
  return [...text.matchAll(/\S+/gu)].map((word) => {
    const start = pointsBefore(text, word.index);
    return [start, start + points(word[0]).length];
  });
}

// A span without the spaces at its ends; null when nothing else is in it.
function trimmed(text, [start, end]) {
  const signs = points(text);
  while (start < end && !signs[start].trim()) start += 1;
  while (end > start && !signs[end - 1].trim()) end -= 1;
  return start < end ? [start, end] : null;
}

// What is selected with the mouse in `element`, whose pieces carry as data-at and data-end where
// they begin and end; null when nothing is, or when it is all of the answer.
function selectedSpan(element, text) {
  const range = selectionWithin(element.getRootNode());
  if (!range || range.collapsed) return null;
  const [start, end] = [
    placeOf(element, range.startContainer, range.startOffset),
    placeOf(element, range.endContainer, range.endOffset),
  ];
  if (start === null && end === null) return null;
  const all = [0, points(text).length];
  const span = trimmed(text, [start ?? all[0], end ?? all[1]]);
  return span && !isSameSpan(span, trimmed(text, all)) ? span : null;
}

// Chromium asks the shadow root itself, Firefox looks into it, and Safari wants it named.
function selectionWithin(root) {
  const selection = root.getSelection ? root.getSelection() : document.getSelection();
  if (!root.getSelection && selection?.getComposedRanges) {
    return selection.getComposedRanges({ shadowRoots: [root] })[0] ?? null;
  }
  return selection?.rangeCount ? selection.getRangeAt(0) : null;
}

// An end of a selection in code points; null when it is outside.
function placeOf(element, node, offset) {
  if (!element.contains(node)) return null;
  const inPiece = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(
    "[data-end]",
  );
  if (inPiece && "at" in inPiece.dataset && node.nodeType === Node.TEXT_NODE) {
    return Number(inPiece.dataset.at) + pointsBefore(node.data, offset);
  }
  if (inPiece) return Number(inPiece.dataset[offset === 0 ? "at" : "end"] ?? inPiece.dataset.end);
  const before = element.childNodes[offset - 1];
  return before ? Number(before.dataset.end) : 0;
}
