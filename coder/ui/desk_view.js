// The desk as it is seen. Everything that people wrote is set as text, never as markup.
const $ = (root, id) => root.getElementById?.(id) ?? root.querySelector(`#${id}`);

function make(tag, { text, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  if (text !== undefined) made.textContent = text;
  made.append(...children.filter(Boolean));
  return made;
}

// Where a click on empty page puts the focus: the keys are the desk's there too.
const NOWHERE = "body, [data-testid='stMain'], [data-testid='stAppViewContainer']";

// What may lead to another page, or make this one be drawn anew.
const PRESSABLE = "a, button, input, label, summary, [role]";

// Whether Streamlit has the server on the line.
const isConnected = () =>
  document.querySelector("[data-testid='stApp']")?.dataset.testConnectionState === "CONNECTED";

class View {
  constructor(root) {
    this.root = root;
    this.desk = null;
    this.query = "";
    this.drawn = {}; // what each part was last drawn from
    this.showsDefinitions = false;
    this.picked = null; // the segment that is being marked, and between which words
    this.words = null;
    this.off = new AbortController();
    const { signal } = this.off;
    const here = $(root, "desk");
    here.addEventListener("keydown", (event) => this.press(event), { signal });
    here.addEventListener("click", (event) => this.click(event), { signal });
    // A press on a button would take away what is selected in the answer.
    here.addEventListener(
      "mousedown",
      (event) => event.target.closest("button") && this.selection() && event.preventDefault(),
      { signal },
    );
    document.addEventListener("keydown", (event) => this.pressElsewhere(event), { signal, capture: true });
    const aside = (event) => this.pressAside(event);
    document.addEventListener("pointerdown", aside, { signal, capture: true });
    document.addEventListener("keydown", aside, { signal, capture: true });
    globalThis.addEventListener("popstate", aside, { signal, capture: true });
    document.addEventListener("click", (event) => this.clickAside(event), { signal, capture: true });
    document.addEventListener(
      "visibilitychange",
      () => document.hidden || this.desk?.look(),
      { signal },
    );
    const offered = (event) => this.takeCodebook(event);
    globalThis.addEventListener("coder-codebook", offered, { signal });
    $(root, "new_code").addEventListener("submit", (event) => this.create(event), { signal });
    $(root, "memo_text").addEventListener("blur", () => this.saveMemo(), { signal });
    $(root, "search").addEventListener("input", () => this.draw(), { signal });
    $(root, "help").addEventListener("close", () => this.focus(), { signal });
    const dialogs = new MutationObserver(() => this.closeTrouble());
    dialogs.observe(document.body, { childList: true });
    signal.addEventListener("abort", () => dialogs.disconnect());
  }

  // Somebody changed the codebook. What stands above the desk may have to be drawn for it, and then
  // all is.
  takeCodebook(event) {
    if (!this.desk?.data.follows) return;
    event.preventDefault();
    this.desk.look();
  }

  bind(desk) {
    this.desk = desk;
    desk.isHere = () => (this.root.host ?? this.root).isConnected;
    desk.draw = () => this.draw();
    this.words = desk.words;
    this.label();
  }

  leave() {
    this.saveMemo();
    this.off.abort();
  }

  // One who came by a link in the menu means to press keys here, not that link once more.
  begin(here) {
    here.dataset.ready = "1";
    if (document.activeElement?.matches("[data-testid='stSidebarNav'] a")) this.focus();
  }

  focus() {
    $(this.root, "desk").focus({ preventScroll: true });
  }

  // When the server can't be reached, Streamlit says so in a dialog that takes the keys. One may
  // well go on: what is decided waits here, and the foot of the desk says so.
  closeTrouble() {
    const dialog = document.querySelector("[role='dialog']");
    if (!dialog || isConnected()) return;
    const before = this.root.activeElement;
    dialog.querySelector("button")?.click();
    requestAnimationFrame(() => (before ?? $(this.root, "desk")).focus({ preventScroll: true }));
  }

  // --- keys -------------------------------------------------------------------------------------

  // A press outside of the desk, with the mouse, by Enter or Space, or on the browser's arrows.
  pressAside(event) {
    const isPress = event.type !== "keydown" || ["Enter", " "].includes(event.key);
    const leads = event.type === "popstate" || this.elsewhere(event, PRESSABLE);
    if (isPress && leads) this.desk?.stepAside();
  }

  // It takes effect when the server has heard what is decided here.
  clickAside(event) {
    const target = this.elsewhere(event, "a, button");
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!target || !isPlain || !this.desk?.isBusy || this.isGoing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.desk.stepAside();
    this.desk.whenAnswered(() => this.goOn(target));
  }

  goOn(target) {
    this.isGoing = true;
    this.desk.stepAside();
    target.click();
    this.isGoing = false;
  }

  elsewhere(event, selector) {
    const path = event.composedPath();
    return path.includes(this.root) ? null : path[0].closest?.(selector);
  }

  pressElsewhere(event) {
    const at = document.activeElement;
    if (at && !at.matches(NOWHERE)) return;
    if (document.querySelector("[role='dialog'], [data-testid='stPopoverBody']")) return;
    if (this.desk?.data.keys.actions[keyName(event)]) {
      this.focus();
      this.press(event);
    } else if (/^[rc]$/i.test(keyName(event))) {
      event.stopImmediatePropagation();
    }
  }

  press(event) {
    if (event.isComposing || event.key === "Tab") return;
    const target = event.composedPath()[0];
    const action = this.desk.data.keys.actions[keyName(event)];
    if (isField(target)) return this.pressInField(event, action, target);
    if ($(this.root, "help").open) return;
    event.stopImmediatePropagation(); // a bare r would run the page again, c clear its caches
    // A button that has the focus does what it says.
    if (target.closest?.("button") && ["Enter", " "].includes(event.key)) return;
    if (this.marking && this.moveMark(event)) return event.preventDefault();
    if (!action) return;
    event.preventDefault();
    if (event.repeat && !["previous", "next"].includes(action)) return;
    this.act(action);
  }

  // What is typed in a field is text. Only Escape, and Enter where it ends the writing, do more.
  pressInField(event, action, field) {
    event.stopPropagation();
    if (action === "close") {
      event.preventDefault();
      this.act("close");
    } else if (event.key === "Enter" && field.id === "search") {
      event.preventDefault();
      $(this.root, "tree").querySelector("button")?.click();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field.id === "memo_text") {
      this.act("close");
    }
  }

  click(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { act, code, start, end } = button.dataset;
    const isKeyboard = event.detail === 0;
    if (act) this.act(act);
    else if (start !== undefined) this.desk.toggle(code, [Number(start), Number(end)]);
    else if (code) this.give(code);
    else if ("label" in button.dataset) this.openNew(button.dataset.label);
    if (!isKeyboard || !button.isConnected) this.focusUnlessWriting();
  }

  focusUnlessWriting() {
    if (!isField(this.root.activeElement) && !$(this.root, "help").open) this.focus();
  }

  act(action) {
    const { desk } = this;
    if (!desk.card && !["help", "close", "undo", "redo"].includes(action)) return;
    const slot = /^code_(\d+)$/.exec(action);
    if (slot) return this.giveSlot(Number(slot[1]) - 1);
    const acts = {
      done: () => desk.done(),
      skip: () => desk.nextOpen(),
      back: () => desk.back(),
      previous: () => desk.previous(),
      next: () => desk.next(),
      accept: () => desk.slots.offered.length && this.giveSlot(0),
      nothing: () => desk.nothing(),
      no_answer: () => desk.noAnswer(),
      discuss: () => desk.mark("discuss"),
      quote: () => desk.mark("quote"),
      memo: () => this.openMemo(),
      mark_text: () => (this.marking ? this.endMark() : this.beginMark()),
      new_code: () => this.openNew(),
      search: () => $(this.root, "search").focus(),
      definitions: () => this.toggleDefinitions(),
      undo: () => desk.undo(),
      redo: () => desk.redo(),
      help: () => $(this.root, "help").showModal(),
      close: () => this.close(),
    };
    acts[action]();
    this.draw();
  }

  giveSlot(no) {
    const { codes, waits } = this.desk.slots;
    if (waits) return this.desk.say(this.words.finding);
    const code = codes[no];
    if (code && this.desk.canGive(code)) this.give(code);
  }

  // A category goes on what is selected or marked, else on the answer.
  give(code) {
    const span = this.selection();
    this.dropSelection();
    $(this.root, "search").value = "";
    this.desk.toggle(code, span);
    if (this.root.activeElement?.id === "search") this.focus();
  }

  // --- a segment --------------------------------------------------------------------------------

  selection() {
    if (this.marking) return this.markedSpan();
    return this.desk?.card ? selectedSpan($(this.root, "text"), this.desk.card.text) : null;
  }

  dropSelection() {
    this.marking = null;
    document.getSelection()?.removeAllRanges();
  }

  beginMark() {
    const spans = wordSpans(this.desk.card.text);
    if (!spans.length) return;
    this.marking = { spans, from: 0, to: 0 };
    this.tellMark();
  }

  endMark() {
    this.marking = null;
  }

  markedSpan() {
    const { spans, from, to } = this.marking;
    return [spans[Math.min(from, to)][0], spans[Math.max(from, to)][1]];
  }

  // Arrows move from word to word, with Shift they extend. True when the press was one of them.
  moveMark(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const end = { Home: -1, End: 1 }[event.key];
    if (!step && !end) return false;
    const last = this.marking.spans.length - 1;
    const to = end ? (end < 0 ? 0 : last) : this.marking.to + step;
    this.marking.to = Math.max(0, Math.min(last, to));
    if (!event.shiftKey) this.marking.from = this.marking.to;
    this.tellMark();
    this.draw();
    return true;
  }

  phrase(span) {
    return span ? points(this.desk.card.text).slice(...span).join("") : "";
  }

  tellMark() {
    this.desk.say(fill(this.words.marked, { words: this.phrase(this.markedSpan()) }));
  }

  // --- what opens and closes --------------------------------------------------------------------

  openNew(label = null) {
    this.newSpan = this.selection();
    $(this.root, "new_code").hidden = false;
    $(this.root, "new_label").value = label ?? this.phrase(this.newSpan).slice(0, 200);
    $(this.root, "new_definition").value = "";
    $(this.root, "search").value = "";
    this.newFor = this.desk.card.id;
    $(this.root, "new_label").focus();
    $(this.root, "new_label").select();
  }

  create(event) {
    event.preventDefault();
    const label = $(this.root, "new_label").value.trim();
    if (!label || this.newFor !== this.desk.card?.id) return;
    const definition = $(this.root, "new_definition").value.trim();
    this.dropSelection();
    $(this.root, "new_code").hidden = true;
    this.desk.give(freshId(), { span: this.newSpan, label, definition });
    this.focus();
    this.draw();
  }

  openMemo() {
    const field = $(this.root, "memo_text");
    this.memoFor = this.desk.card.id;
    field.value = this.desk.now.memo;
    $(this.root, "memo").hidden = false;
    field.focus();
  }

  // Leaving the memo saves it: nothing that was written is lost, and undo takes it back.
  saveMemo() {
    if (this.memoFor) this.desk.memo($(this.root, "memo_text").value, this.memoFor);
  }

  closeMemo() {
    this.memoFor = null;
    $(this.root, "memo").hidden = true;
  }

  toggleDefinitions() {
    this.showsDefinitions = !this.showsDefinitions;
  }

  close() {
    this.saveMemo();
    this.closeMemo();
    $(this.root, "new_code").hidden = true;
    $(this.root, "search").value = "";
    if ($(this.root, "help").open) $(this.root, "help").close();
    this.dropSelection();
    this.desk.notice = "";
    this.focus();
  }

  // --- drawing ----------------------------------------------------------------------------------

  label() {
    if (this.changed("labels", this.desk.data.keys, this.desk.words)) {
      labelAll(this.root, this.desk.data);
    }
  }

  // Whether a part is to be drawn from something else than the last time.
  changed(part, ...from) {
    const now = JSON.stringify(from);
    const isNew = this.drawn[part] !== now;
    this.drawn[part] = now;
    return isNew;
  }

  draw() {
    const { desk, root } = this;
    const { card } = desk;
    const here = $(root, "desk");
    drawStatus(this);
    here.dataset.unsaved = desk.outbox.posts.length;
    here.dataset.view = desk.view ?? "";
    here.hidden = false;
    if (!card) return drawEmpty(this);
    if (this.memoFor && this.memoFor !== card.id) {
      this.saveMemo();
      this.closeMemo();
    }
    const isNext = this.changed("answer", card.id);
    if (isNext) {
      this.marking = null;
      $(root, "new_code").hidden = true;
    }
    drawHead(this);
    drawCard(this, desk.now);
    drawActs(this, desk.now);
    drawSlots(this, desk.now);
    drawTree(this, desk.now);
    if (!desk.slots.waits && !here.dataset.ready) this.begin(here);
    // The next answer begins at its top, also when the one before was read to its end.
    const question = $(root, "question");
    if (isNext && question.getBoundingClientRect().top < 0) question.scrollIntoView();
  }
}
