// What stands of an answer: the server's word, and what was pressed since. Nothing here is changed
// in place. {codes: [{code, spans: [[start, end]]}], marks, memo, aside}; no spans: all of it.
const NOTHING = { codes: [], marks: [], memo: "", aside: false };

const hasCode = (standing, code) => standing.codes.some((each) => each.code === code);
const hasMark = (standing, mark) => standing.marks.includes(mark);
const isDealtWith = (standing) =>
  standing.codes.length > 0 ||
  standing.aside ||
  hasMark(standing, "done") ||
  hasMark(standing, "nothing");
const isSameSpan = (one, other) => one[0] === other[0] && one[1] === other[1];

// What stands after a post, as far as can be told here: the server's word comes later, and counts.
function after(standing, post) {
  switch (post.act) {
    case "give":
      return withCode(standing, post);
    case "take":
      return withoutCode(standing, post);
    case "mark": {
      const others = standing.marks.filter((mark) => mark !== post.mark);
      return { ...standing, marks: post.on ? [...others, post.mark] : others };
    }
    case "memo":
      return { ...standing, memo: post.text.trim() ? post.text : "" };
    case "aside":
      return { ...standing, aside: post.on };
    default: // undo and redo: what this tab remembers of the answer, if it does
      return post.view ?? standing;
  }
}

function withCode(standing, { code, span, replaces }) {
  const before = standing.codes.find((each) => each.code === code);
  const spans = !span ? [] : [...(before?.spans ?? []), span].sort(([a], [b]) => a - b);
  const codes = standing.codes.filter((each) => each.code !== replaces || replaces === code);
  return {
    ...standing,
    codes: before
      ? codes.map((each) => (each.code === code ? { code, spans } : each))
      : [...codes, { code, spans }],
    marks: standing.marks.filter((mark) => mark !== "nothing"),
  };
}

function withoutCode(standing, { code, span }) {
  const left = (spans) => (span ? spans.filter((each) => !isSameSpan(each, span)) : []);
  const codes = standing.codes
    .map((each) => (each.code === code ? { code, spans: left(each.spans), gone: true } : each))
    .filter((each) => !each.gone || each.spans.length)
    .map(({ code, spans }) => ({ code, spans }));
  return { ...standing, codes };
}
