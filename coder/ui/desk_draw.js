// How each part of the desk is drawn. `view` holds the root, the desk, and what is open.

function labelAll(root, { words, keys, name, language }) {
  for (const element of root.querySelectorAll("[data-word]")) {
    element.textContent = words[element.dataset.word];
  }
  for (const button of root.querySelectorAll("[data-act]")) {
    const { act, label } = button.dataset;
    const key = label ? "" : keys.labels[act];
    button.replaceChildren(make("span", { text: words[label ?? act] }), key && keyCap(key));
  }
  $(root, "desk").setAttribute("aria-label", words.desk);
  $(root, "far").setAttribute("aria-label", words.far);
  $(root, "added_label").textContent = words.added;
  $(root, "search_key").textContent = keys.labels.search;
  $(root, "text").lang = $(root, "added_text").lang = language;
  drawHelp(root, keys);
}

const keyCap = (key) => make("kbd", { text: key });

function drawHelp(root, { help }) {
  const rows = help.flatMap(({ label, keys }) => [
    make("dt", {}, ...keys.map(keyCap)),
    make("dd", { text: label }),
  ]);
  $(root, "help_list").replaceChildren(...rows);
}

// --- the header, and the status at the foot -------------------------------------------------------

function drawHead({ root, desk }) {
  const { done, total, text } = desk.data.progress;
  const bar = $(root, "far");
  bar.setAttribute("aria-valuemax", total);
  bar.setAttribute("aria-valuenow", done);
  bar.setAttribute("aria-valuetext", text);
  $(root, "far_bar").style.width = `${total ? (100 * done) / total : 100}%`;
  $(root, "far_text").textContent = text;
}

function drawStatus(view) {
  const { root, desk } = view;
  const { words, data, outbox, saved } = desk;
  const count = outbox.posts.length;
  const time = saved?.toLocaleTimeString(data.locale);
  const saving = fill(isConnected() ? words.unsaved : words.unsaved_late, { count });
  const state = time ? fill(words.saved_at, { time }) : words.all_saved;
  $(root, "saved").textContent = count ? saving : state;
  $(root, "status").classList.toggle("waits", count > 0);
  const what = data.undo && fill(words.undoable, { what: data.undo });
  $(root, "undoable").textContent = what ? ` · ${what}` : "";
  setDisabled(root, "undo", !data.undo && !desk.past.length);
  setDisabled(root, "redo", !data.redo && !desk.future.length);
  setText($(root, "notice"), desk.notice);
  setText($(root, "live"), desk.live);
}

// Said again only when it is something else, or a screen reader would repeat it.
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function setDisabled(root, act, isDisabled) {
  root.querySelector(`[data-act="${act}"]`).setAttribute("aria-disabled", String(isDisabled));
}

function drawEmpty({ root, desk }) {
  const isEmpty = desk.list !== null && !desk.ask;
  $(root, "question").textContent = "";
  const { done, total } = desk.data.progress;
  const empty = done < total ? desk.words.nothing_here : desk.words.all_coded;
  $(root, "text").textContent = isEmpty ? empty : desk.words.fetching;
  if (isEmpty) $(root, "desk").dataset.ready = "1";
}

// --- the answer -----------------------------------------------------------------------------------

function drawCard(view, standing) {
  const { root, desk } = view;
  const { card } = desk;
  if (view.changed("card", card, desk.data.context)) {
    $(root, "card").dataset.answer = card.id;
    $(root, "question").textContent = card.question;
    $(root, "who").textContent = card.who;
    $(root, "again").textContent = card.again;
    $(root, "again").hidden = !card.again;
    $(root, "added").hidden = !card.added;
    $(root, "added_text").textContent = card.added;
    drawContext(root, card.context, desk.data.context);
  }
  const segments = standing.codes.flatMap(({ code, spans }) => spans.map((span) => ({ code, span })));
  const picked = view.marking ? view.markedSpan() : null;
  const labels = segments.map(({ code }) => desk.code(code)?.label);
  if (view.changed("text", card.id, card.text, segments, picked, labels)) {
    drawText($(root, "text"), card.text, pieces(points(card.text).length, segments, picked), desk);
  }
  if (view.changed("given", card.id, standing, standing.codes.map(({ code }) => desk.code(code)))) {
    drawGiven($(root, "given"), standing, view);
  }
  $(root, "marking").hidden = !view.marking;
  $(root, "marking").textContent = desk.words.marking;
}

// The text in pieces, each with its place, and behind each segment the name of its category.
function drawText(element, text, cut, desk) {
  const signs = points(text);
  const drawn = cut.flatMap(({ start, end, codes, ends, picked }) => {
    const kinds = [codes.length && "segment", picked && "picked"].filter(Boolean).join(" ");
    const words = signs.slice(start, end).join("");
    const piece = make("span", { text: words, "data-at": start, "data-end": end, class: kinds });
    const names = ends.map((code) => desk.code(code)?.label ?? "").join(", ");
    return names ? [piece, make("span", { text: names, "data-end": end, class: "name" })] : [piece];
  });
  element.dataset.length = signs.length;
  element.replaceChildren(...drawn);
}

function drawContext(root, values, labels) {
  const pairs = labels.flatMap((label, no) => [
    make("div", {}, make("dt", { text: label }), make("dd", { text: values[no] })),
  ]);
  $(root, "context").replaceChildren(...pairs);
}

// What the answer has: its categories, to be taken off by a press, its marks and the memo.
function drawGiven(list, standing, view) {
  const { desk } = view;
  const { words } = desk;
  const chips = standing.codes.flatMap(({ code, spans }) => {
    const label = desk.code(code)?.label ?? "";
    if (!spans.length) return [chip(words, label, { "data-code": code })];
    return spans.map(([start, end]) => {
      const place = { "data-code": code, "data-start": start, "data-end": end };
      return chip(words, `${label}: ${fill(words.quoted, { words: view.phrase([start, end]) })}`, place);
    });
  });
  const marks = standing.marks.map((mark) => make("li", { class: "mark", text: words[`mark_${mark}`] }));
  const aside = standing.aside && make("li", { class: "mark", text: words.aside_now });
  const memo =
    standing.memo && make("li", { class: "note", text: fill(words.memo_is, { memo: standing.memo }) });
  list.replaceChildren(...[...chips, ...marks, aside, memo].filter(Boolean));
}

function chip(words, label, place) {
  const cross = make("span", { "aria-hidden": "true", text: "×" });
  const button = make("button", { type: "button", ...place, text: label }, cross);
  button.setAttribute("aria-label", fill(words.take_off, { label }));
  return make("li", {}, button);
}

// --- what can be done -----------------------------------------------------------------------------

function drawActs(view, standing) {
  const { root } = view;
  const on = {
    nothing: hasMark(standing, "nothing"),
    no_answer: standing.aside,
    discuss: hasMark(standing, "discuss"),
    quote: hasMark(standing, "quote"),
    mark_text: Boolean(view.marking),
    definitions: view.showsDefinitions,
  };
  for (const [act, isOn] of Object.entries(on)) {
    root.querySelector(`[data-act="${act}"]`).setAttribute("aria-pressed", String(isOn));
  }
  const open = { memo: "memo", new_code: "new_code" };
  for (const [act, panel] of Object.entries(open)) {
    const isOpen = String(!$(root, panel).hidden);
    root.querySelector(`[data-act="${act}"]`).setAttribute("aria-expanded", isOpen);
  }
}

function drawSlots(view, standing) {
  const { root, desk } = view;
  const { slots, words, data } = desk;
  // A category that is no more keeps its place, and its name, as long as the answer is shown.
  const labels = slots.codes.map((code) => desk.code(code)?.label ?? slots.labels.get(code));
  const usable = slots.codes.map((code) => desk.canGive(code));
  if (view.changed("slots", desk.card.id, slots.waits, slots.codes, labels, usable, data.keys.labels)) {
    $(root, "slots").replaceChildren(
      ...slots.codes.map((code, no) => slot(desk, code, labels[no], data.keys.labels[`code_${no + 1}`])),
    );
    $(root, "finding").hidden = !slots.waits;
    $(root, "blind").hidden = !slots.isBlind || !slots.codes.length;
    $(root, "is_new").hidden = !slots.isNew;
  }
  $(root, "no_codes").hidden = desk.codebook.codes.some(({ codable, retired }) => codable && !retired);
  press($(root, "slots"), standing);
}

function slot(desk, code, label, key) {
  const chance = desk.slots.chances.get(code);
  const button = make(
    "button",
    { type: "button", "data-code": code, "aria-pressed": "false" },
    key ? keyCap(key) : null,
    make("span", { class: "label", text: label }),
  );
  button.disabled = !desk.canGive(code);
  if (chance !== undefined) {
    const percent = Math.round(100 * chance);
    const text = new Intl.NumberFormat(desk.data.locale, { style: "percent" }).format(chance);
    const bar = make("span", { class: "chance", text });
    bar.style.setProperty("--share", `${percent}%`);
    button.append(bar);
  }
  return make("li", {}, button);
}

// Which buttons are for categories that the answer has.
function press(list, standing) {
  for (const button of list.querySelectorAll("button[data-code]")) {
    const isOn = String(hasCode(standing, button.dataset.code));
    if (button.getAttribute("aria-pressed") !== isOn) button.setAttribute("aria-pressed", isOn);
  }
}

// --- the codebook ---------------------------------------------------------------------------------

const folded = (text) => text.toLocaleLowerCase().replace(/\s+/g, " ").trim();

// The codebook, or of it what the words in the search field are found in: first where a name begins
// with them.
function found(codes, query) {
  if (!query) return codes;
  const rank = (code) => (folded(code.label).startsWith(query) ? 0 : 1);
  return codes
    .filter((code) => code.codable && folded(`${code.path} ${code.label}`).includes(query))
    .sort((one, other) => rank(one) - rank(other));
}

function drawTree(view, standing) {
  const { root, desk } = view;
  const query = folded($(root, "search").value);
  const shown = view.showsDefinitions;
  const isNew = view.changed("tree", desk.codebook.id, query, shown, desk.words);
  if (isNew) {
    const codes = found(desk.codebook.codes.filter((code) => !code.retired), query);
    const written = $(root, "search").value.trim();
    const isThere = desk.codebook.codes.some((code) => folded(code.label) === query);
    const rows = codes.map((code) => treeRow(code, desk.words, shown, Boolean(query)));
    if (query && !isThere) rows.push(newRow(written, desk.words));
    $(root, "tree").replaceChildren(...rows);
  }
  if (view.changed("counts", desk.data.counts) || isNew) {
    for (const count of $(root, "tree").querySelectorAll("[data-count]")) {
      count.textContent = desk.data.counts[count.dataset.count] ?? 0;
    }
  }
  press($(root, "tree"), standing);
}

function treeRow(code, words, showsDefinition, isFlat) {
  const label = isFlat && code.path ? `${code.path} › ${code.label}` : code.label;
  const count = make("span", { class: "count", "data-count": code.id });
  const dot = code.colour && make("span", { class: "dot", "aria-hidden": "true" });
  if (dot) dot.style.background = code.colour;
  const name = make("span", { class: "label", text: label });
  const head = code.codable
    ? make("button", { type: "button", "data-code": code.id, "aria-pressed": "false" }, dot, name, count)
    : make("p", { class: "heading" }, dot, name);
  const row = make("li", {}, head);
  row.style.setProperty("--depth", isFlat ? 0 : code.depth);
  if (showsDefinition) row.append(...definition(code, words));
  return row;
}

function definition(code, words) {
  const parts = [
    code.definition || (code.include || code.exclude ? "" : words.no_definition),
    code.include && fill(words.includes, { text: code.include }),
    code.exclude && fill(words.excludes, { text: code.exclude }),
  ];
  return parts.filter(Boolean).map((text) => make("p", { class: "small", text }));
}

function newRow(label, words) {
  const text = fill(words.create_named, { label });
  return make("li", {}, make("button", { type: "button", "data-label": label, text }));
}
