// Answers on their way to the server: kept in this browser, sent in order, let go once the server has them.
// Each answer builds on the newest one this page knew of (`known`), so one given elsewhere is never overwritten.
// Knows no page: what happens is told to `tell(number, what, words)`; what is "waiting" is not yet saved. A `number` is
// whatever the page calls the thing that is answered.
const PAUSES = [1000, 2000, 5000, 10000, 20000]; // milliseconds before trying again
const PATIENCE = 20000; // milliseconds until a request counts as lost
const MONTH = 30 * 24 * 60 * 60 * 1000;

export class Queue {
  // `prefix` is a family and an owner, as in "answers:someone:", and begins the names of what is kept. `token()` gives the
  // form token of the page, `renew()` fetches a new one and says "", or why there is none.
  constructor(prefix, { address, token, renew, tell }) {
    Object.assign(this, { address, token, renew, tell, prefix, tries: 0, held: "", kept: new Map() });
    this.rows = this.read(); // [{ number, at, known, tried: { id, sequence, body }, next: body }], the oldest first
    forgetOld(this.prefix);
  }

  get size() { return this.rows.length; }

  // Does all that waits outlive this page?
  get isKept() { return this.rows.every(({ number }) => this.kept.has(number)); }

  has(number) { return this.rows.some((row) => row.number === number); }

  bodyOf(number) {
    const row = this.rows.find((one) => one.number === number);
    return row && (row.next ?? row.tried.body);
  }

  add(number, known, body) {
    let row = this.rows.find((one) => one.number === number);
    if (!row) this.rows.push((row = { number, at: Date.now(), known, tried: null }));
    row.next = body;
    this.tries = 0;
    this.keep(row);
    return this.send();
  }

  // Sends what waits until it is all answered or must wait on; a call meanwhile waits for the same.
  send() {
    this.sending ??= this.sendAll().finally(() => { this.sending = null; });
    return this.sending;
  }

  async sendAll() {
    clearTimeout(this.again);
    this.renewed = false;
    while (this.rows.length && (await this.sendFirst()));
  }

  async sendFirst() {
    const [row] = this.rows;
    if (!row.tried) {
      row.tried = { id: newId(), sequence: row.known + 1, body: row.next };
      delete row.next;
      this.keep(row);
    }
    if (!this.tries) this.tell(row.number, "saving");
    const { status, told } = await this.post(row);
    if (told.saved) return this.acknowledged(row, told);
    if (told.error && (status === 400 || status === 409)) return this.refused(row, told.error);
    if (status === 401) return this.hold("signed out");
    if (status === 404) return this.hold("not yours"); // somebody else has signed in since: the rows stay for their owner
    if (status === 403 && !this.renewed) {
      this.renewed = true;
      const why = await this.renew();
      return why ? this.hold(why) : true;
    }
    return this.hold("trying");
  }

  // The status, 0 for none, and what our server told: nothing where its answer came in half.
  async post({ number, tried }) {
    const body = new URLSearchParams(tried.body);
    body.set("event_id", tried.id);
    body.set("sequence", tried.sequence);
    body.set("csrfmiddlewaretoken", this.token());
    const headers = { Accept: "application/json" };
    try {
      const signal = AbortSignal.timeout?.(PATIENCE);
      const reply = await fetch(this.address(number), { method: "POST", body, headers, signal, redirect: "error" });
      return { status: reply.status, told: (await reply.json().catch(() => null)) ?? {} };
    } catch {
      return { status: 0, told: {} };
    }
  }

  acknowledged(row, told) {
    this.tries = 0;
    this.held = "";
    row.known = told.sequence ?? row.tried.sequence;
    row.tried = null;
    if (row.next === undefined) this.drop(row);
    else this.keep(row);
    this.tell(row.number, row.next === undefined ? "saved" : "saving", told.saved, row.known, told);
    return true;
  }

  refused(row, words) {
    this.held = "";
    this.drop(row);
    this.tell(row.number, "refused", words);
    return true;
  }

  hold(why) {
    this.held = why === "trying" && navigator.onLine === false ? "offline" : why;
    for (const { number } of this.rows) this.tell(number, this.held);
    this.again = setTimeout(() => this.send(), PAUSES[Math.min(this.tries++, PAUSES.length - 1)]);
    return false;
  }

  // ---- what is kept: one entry a row, so that two windows never overwrite each other
  read() {
    return entries(this.prefix)
      .filter(([, row]) => row.next !== undefined || row.tried)
      .map(([name, row]) => { this.kept.set(row.number, store((kept) => kept.getItem(name))); return row; })
      .sort((one, other) => one.at - other.at);
  }

  keep(row) {
    const text = JSON.stringify(row);
    this.kept.delete(row.number);
    store((kept) => { kept.setItem(this.prefix + row.number, text); this.kept.set(row.number, text); });
  }

  drop(row) {
    this.rows = this.rows.filter((one) => one !== row);
    const name = this.prefix + row.number;
    store((kept) => { if (kept.getItem(name) === this.kept.get(row.number)) kept.removeItem(name); }); // not another's newer one
    this.kept.delete(row.number);
  }
}

// Every page has a form with a token, the one to sign in too: where we land tells which it is.
export async function renewToken(signIn) {
  try {
    const reply = await fetch(location.href);
    if (reply.url.includes(signIn.pathname)) return "signed out";
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) if (fresh) field.value = fresh;
    return fresh ? "" : "trying";
  } catch {
    return "trying";
  }
}

// Where there is no storage, a row lives as long as the page, which asks before it is left.
function store(use) {
  try { return use(localStorage); } catch { return null; }
}

function entries(prefix) {
  const names = store((kept) => Object.keys(kept)) ?? [];
  return names.filter((name) => name.startsWith(prefix))
    .map((name) => [name, store((kept) => JSON.parse(kept.getItem(name)))])
    .filter(([, value]) => value);
}

function forgetOld(mine) {
  for (const [name, { at = 0 }] of entries(mine.slice(0, mine.indexOf(":") + 1)))
    if (!name.startsWith(mine) && Date.now() - at > MONTH) store((kept) => kept.removeItem(name));
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is missing on plain http
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
