// The desk: the coder's place in the list, what is decided, what the server says of it. What is
// seen is drawn at once; posts go to Python in batches and stay in the outbox until they are
// acknowledged. Streamlit calls the default export again with every new `data`.
const AHEAD = 8; // answers for which suggestions are asked before they are shown
const NEARLY = 50; // answers before the end of the batch at which the next one is asked for
const FIRST_SLOTS = 9; // as many as are offered at most
const SLOTS = 18;

class Desk {
  constructor(name) {
    this.name = name;
    this.outbox = new Outbox(`coder-desk:${name}`);
    this.list = null; // the key of the list that is here
    this.view = null; // the order and filter that it was made by
    this.cards = [];
    this.place = -1;
    this.ends = { before: false, after: false }; // whether there is nothing more that way
    this.told = new Map(); // the server's word on each answer
    this.offers = new Map();
    this.codebook = { id: null, codes: [] };
    this.slots = { codes: [], offered: [], chances: new Map(), waits: true };
    this.past = []; // the coder's own decisions since the page was opened, for undo to foresee
    this.future = [];
    this.trail = []; // the answers one came from
    this.passed = new Set();
    this.ask = null;
    this.waiting = null;
    this.moves = 0;
    this.notice = "";
    this.live = "";
    this.saved = null;
    this.heldUntil = 0;
    this.answered = () => {};
    this.isHere = () => false;
    this.draw = () => {};
    this.send = () => {};
  }

  get card() {
    return this.cards[this.place];
  }

  get now() {
    return this.standing(this.card.id);
  }

  standing(answer) {
    return this.outbox.of(answer).reduce(after, this.told.get(answer) ?? NOTHING);
  }

  // --- what the server says ---------------------------------------------------------------------

  receive(data, send) {
    this.data = data;
    this.words = data.words;
    this.send = send;
    this.heldUntil = 0;
    if (data.codebook) this.codebook = data.codebook;
    this.takeOffers(data.offers);
    this.takeWord(data);
    if (data.list) this.takeList(data.list);
    this.followLink(data.link);
    if (data.attempt && data.attempt === this.attempt) this.attempt = null;
    if (this.hasNews()) this.flushSoon();
    this.draw();
    if (!this.isBusy) this.answered();
  }

  // The first suggestions may take a while, when the server has just been started. Until then there
  // are no places to press; later on, an answer that they come too late for does without.
  takeOffers(offers) {
    for (const [answer, offer] of Object.entries(offers)) this.offers.set(answer, offer);
    if (this.card && this.slots.waits) this.slots = this.slotsFor(this.card);
  }

  // The server's word counts: where it is another than what is shown, the coder is told.
  takeWord({ told, acks }) {
    const byId = new Map(acks.map((ack) => [ack.uid, ack]));
    const mine = this.outbox.posts.filter((post) => byId.has(post.uid));
    const seen = new Set([...mine.map((post) => post.answer), this.card?.id]);
    const before = new Map([...seen].map((id) => [id, essence(this.standing(id))]));
    const known = new Set(this.told.keys());
    for (const [answer, standing] of Object.entries(told)) this.told.set(answer, standing);
    if (mine.length) this.outbox.drop(new Set(mine.map((post) => post.uid)));
    const explained = new Set();
    for (const post of mine) this.acknowledged(post, byId.get(post.uid), explained);
    for (const id of seen) {
      const isNews = known.has(id) && essence(this.standing(id)) !== before.get(id);
      if (isNews && !explained.has(id)) this.warn(fill(this.words.changed, { answer: id }));
    }
  }

  acknowledged(post, ack, explained) {
    const isUndo = post.act === "undo" || post.act === "redo";
    if (ack.refused || isUndo) explained.add(post.answer).add(ack.goto);
    if (ack.refused) {
      this.past = this.past.filter((each) => each.uid !== post.uid);
      this.warn(post.answer ? `${post.answer}: ${ack.refused}` : ack.refused);
      return;
    }
    this.saved = new Date();
    if (!isUndo) this.live = `${this.sentence(post)} ${this.words.saved_short}`;
    else if (ack.nothing) this.say(ack.nothing);
    else this.follow(post, ack);
  }

  // Undo leads to the answer concerned, unless the coder has gone on meanwhile.
  follow(post, ack) {
    this.live = `${ack.what} ${this.words.saved_short}`;
    insertCard(this, ack);
    if (ack.goto && ack.goto !== this.card?.id && post.moves === this.moves) this.goTo(ack.goto);
  }

  // A link from another page leads to its answer, once, whatever the list shows.
  followLink(link) {
    if (!link || link.id === this.link || this.list === null) return;
    this.link = link.id;
    insertCard(this, link);
    this.open(this.indexOf(link.goto));
  }

  takeList(list) {
    if (list.id === this.listId) return; // Streamlit may hand over the same data twice
    this.listId = list.id;
    this.ask = null;
    for (const card of list.cards) this.told.set(card.id, card.told);
    if (list.side === "all") this.beginList(list);
    else this.extendList(list);
    const go = this.waiting;
    this.waiting = null;
    if (go) this[go]();
  }

  // A new list: at the answer where this browser was, else where the server says. Where nothing is
  // left to show, not even that one is: what is said then tells that the work is done.
  beginList(list) {
    const isSame = this.view === list.view;
    const place = kept.get("localStorage", `coder-place:${this.name}`);
    const here = isSame ? this.card?.id : place?.view === list.view && place.answer;
    Object.assign(this, { list: list.key, view: list.view, cards: list.cards, place: -1 });
    this.ends = list.ends;
    if (!isSame) [this.trail, this.passed] = [[], new Set()];
    const at = this.indexOf(here) >= 0 ? here : list.start;
    if (here && list.start && at !== here && list.start !== here) this.ask = { side: "all", answer: here };
    else if (at) this.open(this.indexOf(at));
  }

  extendList({ side, cards, ends }) {
    const there = new Set(this.cards.map((card) => card.id));
    const fresh = cards.filter((card) => !there.has(card.id));
    this.cards = side === "before" ? [...fresh, ...this.cards] : [...this.cards, ...fresh];
    if (side === "before") this.place += fresh.length;
    this.ends[side] = ends[side] || !fresh.length;
  }

  // --- what Python is told ----------------------------------------------------------------------

  hasNews() {
    const lacks = this.ahead().some((answer) => !this.offers.has(answer));
    const isNewList = this.data.have.list !== this.list;
    const moved = this.card && this.reported !== this.card.id;
    return Boolean(this.outbox.posts.length || this.ask || lacks || isNewList || moved);
  }

  ahead() {
    return this.cards.slice(Math.max(this.place, 0), this.place + 1 + AHEAD).map((card) => card.id);
  }

  // The page is looked at again: what stands may have been changed elsewhere.
  look() {
    this.reported = null;
    this.flushSoon();
  }

  flushSoon(pause = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), pause);
  }

  // Something else on the page is pressed, which may lead away from here. What is decided is said
  // at once, then nothing until the server has answered or it is clear that one stays: a message
  // of this page that reaches the server after the way to another leaves that one empty.
  stepAside() {
    if (this.outbox.posts.length) this.flush(true);
    this.heldUntil = Date.now() + ASIDE;
  }

  get isBusy() {
    return Boolean(this.attempt || this.outbox.posts.length);
  }

  // When all that is said is answered, or it takes too long.
  whenAnswered(go) {
    const late = setTimeout(() => this.answered(), ASIDE);
    this.answered = () => {
      clearTimeout(late);
      this.answered = () => {};
      go();
    };
  }

  // One message is under way at a time. It is said again until it is answered: what comes twice
  // counts once. Each has a name of its own, or one that says the same would not reach Python.
  flush(isLast = false) {
    const until = Math.max(this.attempt ? this.sentAt + PATIENCE : 0, this.heldUntil);
    const left = isLast ? 0 : until - Date.now();
    if (!this.isHere()) return;
    if (left > 0) return this.flushSoon(left + 50);
    if (!this.attempt && !this.hasNews()) return;
    this.attempt = freshId();
    this.sentAt = Date.now();
    this.reported = this.card?.id;
    this.send("message", {
      attempt: this.attempt,
      name: this.name,
      have: { list: this.list, codebook: this.codebook.id },
      at: this.card?.id ?? null,
      ahead: this.ahead(),
      ask: this.ask,
      posts: this.outbox.posts.slice(0, MOST).map(forPython),
    });
    this.flushSoon(PATIENCE + 50);
    this.draw();
  }

  // --- the place in the list --------------------------------------------------------------------

  indexOf(answer) {
    return this.cards.findIndex((card) => card.id === answer);
  }

  open(index, isBack = false) {
    if (this.card && !isBack) this.trail.push(this.card.id);
    this.place = index;
    this.moves += 1;
    this.slots = this.slotsFor(this.card);
    this.isOver = false;
    kept.set("localStorage", `coder-place:${this.name}`, { view: this.view, answer: this.card.id });
    const isNear = index > this.cards.length - NEARLY && !this.ends.after;
    if (isNear && !this.ask) this.askFor("after");
    this.flushSoon();
    this.draw();
  }

  askFor(side, then = null) {
    const edge = side === "before" ? this.cards[0] : this.cards[this.cards.length - 1];
    this.ask = { side, answer: edge.id };
    this.waiting = then;
    this.flushSoon();
  }

  goTo(answer) {
    const index = this.indexOf(answer);
    if (index >= 0 && index !== this.place) this.open(index);
  }

  previous() {
    if (this.place > 0) this.open(this.place - 1);
    else if (!this.ends.before) this.askFor("before", "previous");
    else this.say(this.words.first_of_list);
  }

  next() {
    if (this.place + 1 < this.cards.length) this.open(this.place + 1);
    else if (!this.ends.after) this.askFor("after", "next");
    else this.say(this.words.last_of_list);
  }

  back() {
    const answer = this.trail.pop();
    const index = this.indexOf(answer);
    if (index >= 0) this.open(index, true);
  }

  // The next answer that nothing is decided of: after this one, else from the beginning.
  nextOpen() {
    const open = (card, no) => no !== this.place && this.isOpen(card);
    const later = this.cards.findIndex((card, no) => no > this.place && open(card, no));
    if (later >= 0) return this.open(later);
    if (!this.ends.after) return this.askFor("after", "nextOpen");
    const earlier = this.cards.findIndex(open);
    if (earlier >= 0) return this.open(earlier);
    if (!this.ends.before) return this.askFor("before", "nextOpen");
    this.isOver = !this.isOpen(this.card);
    this.say(this.isOver ? this.words.all_done : this.words.last_open);
  }

  // Among answers that were picked out to be seen again, most are decided: there each comes once.
  isOpen(card) {
    if (this.data.passing) return !this.passed.has(card.id);
    return !isDealtWith(this.standing(card.id));
  }

  // --- the categories beside the answer ---------------------------------------------------------

  code(id) {
    const made = this.outbox.posts.find((post) => post.code === id && post.label);
    return this.codebook.codes.find((code) => code.id === id) ?? (made && { id, label: made.label });
  }

  canGive(id) {
    const code = this.code(id);
    return Boolean(code) && code.codable !== false && !code.retired;
  }

  // They stay where they are as long as the answer is on the screen. A codebook with no more
  // categories than places keeps its own order, so that each has its key for good.
  slotsFor(card) {
    if (!this.offers.size) return { codes: [], offered: [], chances: new Map(), waits: true };
    const codes = this.codebook.codes.map((code) => code.id).filter((id) => this.canGive(id));
    const offer = this.offers.get(card.id) ?? { codes: [], chances: [] };
    const offered = offer.codes.filter((code) => codes.includes(code)).slice(0, FIRST_SLOTS);
    const recent = codes.length > SLOTS ? this.data.recent : [];
    const rest = [...recent.filter((code) => codes.includes(code)), ...codes];
    const places = [...new Set([...offered, ...rest])].slice(0, SLOTS);
    return {
      codes: places,
      labels: new Map(places.map((code) => [code, this.code(code).label])),
      offered,
      chances: new Map(offered.map((code) => [code, offer.chances[offer.codes.indexOf(code)]])),
      by: offer.by ?? "",
      isBlind: Boolean(offer.blind),
      isNew: Boolean(offer.new),
    };
  }

  // --- what is decided --------------------------------------------------------------------------

  post(act, fields, answer = this.card.id) {
    if (!this.data.coder) return this.warn(this.words.name_first);
    const post = this.made({ act, answer, ...fields });
    const before = this.standing(answer);
    this.outbox.add(post);
    for (let left = steps(post); left > 1; left -= 1) {
      this.past.push({ uid: post.uid, answer, before, after: before });
    }
    this.past.push({ uid: post.uid, answer, before, after: this.standing(answer) });
    this.future = [];
    this.notice = "";
    this.say(this.sentence(post));
    this.flushSoon();
    return post;
  }

  // With the round of coding again that it belongs to: it may be over before this is heard.
  made(post) {
    return { uid: freshId(), made: Date.now(), again: this.data.again, ...post };
  }

  toggle(code, span = null) {
    const own = this.now.codes.find((each) => each.code === code);
    const isOn = span ? own?.spans.some((each) => isSameSpan(each, span)) : own;
    if (isOn) this.post("take", { code, span });
    else this.give(code, { span });
  }

  give(code, { span = null, label = "", definition = "" } = {}) {
    if (this.now.aside) return this.warn(this.words.is_aside);
    const card = this.card;
    const replaces = (card.one && this.now.codes.find((each) => each.code !== code)?.code) || null;
    const { offered, chances, by } = this.slots;
    const shown = { offered, chance: chances.get(offered[0]) ?? null, by };
    const length = points(card.text).length;
    const post = this.post("give", { code, span, length, label, definition, replaces, ...shown });
    if (post && label) this.addSlot(code);
    if (post && card.one && !span) this.nextOpen();
  }

  addSlot(code) {
    if (this.slots.codes.length < SLOTS) this.slots.codes.push(code);
  }

  mark(mark) {
    this.post("mark", { mark, on: !hasMark(this.now, mark) });
  }

  done() {
    const isNews = this.card.again || !hasMark(this.now, "done");
    if (isNews && !this.post("mark", { mark: "done", on: true })) return;
    this.pass();
  }

  nothing() {
    if (this.now.codes.length) return this.warn(this.words.nothing_but_coded);
    const on = !hasMark(this.now, "nothing");
    if (this.post("mark", { mark: "nothing", on }) && on) this.pass();
  }

  noAnswer() {
    const on = !this.now.aside;
    if (this.post("aside", { on }) && on) this.pass();
  }

  pass() {
    this.passed.add(this.card.id);
    this.nextOpen();
  }

  memo(text, answer) {
    if (text.trim() !== this.standing(answer).memo.trim()) this.post("memo", { text }, answer);
  }

  undo() {
    this.takeBack("undo", this.past, this.future, "before");
  }

  redo() {
    this.takeBack("redo", this.future, this.past, "after");
  }

  // What the coder did last in this tab is shown taken back at once. The server may know of
  // something later, done elsewhere: then it is that, and the view follows when it says so.
  takeBack(act, from, to, side) {
    if (!this.data.coder) return this.warn(this.words.name_first);
    const own = from.pop();
    if (own) to.push(own);
    if (own) this.goTo(own.answer);
    const view = own ? { view: own[side] } : {};
    const post = this.made({ act, answer: own?.answer ?? null, ...view });
    this.outbox.add({ ...post, moves: this.moves });
    this.notice = "";
    this.flushSoon(0);
    this.draw();
  }

  // --- what is said -----------------------------------------------------------------------------

  // What a post does, in words: "Online support: on."
  sentence(post) {
    const { words } = this;
    const on = post.act === "give" || post.on ? words.on : words.off;
    const label = this.code(post.code)?.label ?? "";
    if (post.act === "memo") return `${words.memo}.`;
    const what = { mark: words[`mark_${post.mark}`], aside: words.no_answer };
    return `${what[post.act] ?? label}: ${on}.`;
  }

  say(text) {
    this.live = text;
    this.draw();
  }

  warn(text) {
    this.notice = text;
    this.say(text);
  }
}

// What of a post concerns Python.
const forPython = ({ view, moves, made, ...post }) => post;

// How many entries a post makes in the log, so that undo can foresee what it takes back.
const steps = ({ label, span, replaces }) =>
  1 + (label && (span || replaces) ? 1 : 0) + (replaces && span ? 1 : 0);

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

// What would be shown otherwise if it changed.
const essence = ({ codes, marks, memo, aside }) =>
  JSON.stringify([codes.map(({ code, spans }) => [code, spans]).sort(), [...marks].sort(), memo, aside]);

// An answer that undo leads to and that is not in the list stands before the present one.
function insertCard(desk, { goto, card }) {
  if (!goto || !card || desk.indexOf(goto) >= 0) return;
  desk.told.set(card.id, card.told);
  desk.cards.splice(Math.max(desk.place, 0), 0, card);
  if (desk.place >= 0) desk.place += 1;
}
