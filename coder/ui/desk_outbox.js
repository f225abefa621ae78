// What was decided and not yet acknowledged. It is kept in this browser until it is, under a name
// of its own for each tab, so that two tabs never overwrite each other; a tab that is opened later
// posts what a closed one left. Kept are ids, codes, the names of new codes and memos: what the
// coder wrote, never an answer.
const PAUSE = 120; // ms in which presses are gathered into one message
const PATIENCE = 4000; // ms until a message that nobody answered is sent again
const ASIDE = 1500; // ms in which nothing is said after a press elsewhere on the page
const MOST = 200; // posts in one message

// Without https, crypto.randomUUID is there on localhost only.
const freshId = () =>
  globalThis.crypto?.randomUUID?.() ??
  Date.now().toString(36) + Math.random().toString(36).slice(2) + Math.random().toString(36).slice(2);

// A private window, or one that is full, keeps nothing: then the outbox lives in memory only.
const kept = {
  get(store, name) {
    try {
      return JSON.parse(globalThis[store].getItem(name));
    } catch {
      return null;
    }
  },
  set(store, name, value) {
    try {
      if (value === null) globalThis[store].removeItem(name);
      else globalThis[store].setItem(name, JSON.stringify(value));
    } catch {
      // As said above.
    }
  },
  names(prefix) {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

let thisTab = kept.get("sessionStorage", "coder-tab");
if (!thisTab) kept.set("sessionStorage", "coder-tab", (thisTab = freshId()));

class Outbox {
  constructor(name) {
    this.prefix = `${name}#`;
    const found = kept.names(this.prefix).flatMap((each) => kept.get("localStorage", each) ?? []);
    const byId = new Map(found.map((post) => [post.uid, post]));
    this.posts = [...byId.values()].sort((one, other) => one.made - other.made);
    this.save();
  }

  add(post) {
    this.posts.push(post);
    this.save();
  }

  drop(uids) {
    this.posts = this.posts.filter((post) => !uids.has(post.uid));
    for (const name of kept.names(this.prefix)) {
      const left = (kept.get("localStorage", name) ?? []).filter((post) => !uids.has(post.uid));
      kept.set("localStorage", name, left.length ? left : null);
    }
    this.save();
  }

  of(answer) {
    return this.posts.filter((post) => post.answer === answer);
  }

  save() {
    kept.set("localStorage", this.prefix + thisTab, this.posts.length ? this.posts : null);
  }
}
