// Answers on their way to the server: kept in this browser, sent in order, let go only when the server has answered.
// Each answer builds on the newest one this page knew of (`known`), so one given elsewhere meanwhile is never overwritten.
// Knows no page: what happens is told to `tell(number, what, words)`; what is "waiting" is not yet saved.
const PAUSES = [1000, 2000, 5000, 10000, 20000]; // milliseconds before trying again
const MONTH = 30 * 24 * 60 * 60 * 1000;

export class Queue {
  // `token()` gives the form token of the page, `renew()` fetches a new one where it went out of date.
  constructor(attempt, { address, token, renew, tell }) {
    Object.assign(this, { address, token, renew, tell, name: `answers:${attempt}`, tries: 0, busy: false, held: "" });
    this.rows = read(this.name); // [{ number, known, tried: { id, sequence, body }, next: body }], the oldest first
    forgetOld(this.name);
  }

  get size() { return this.rows.length; }

  has(number) { return this.rows.some((row) => row.number === number); }

  bodyOf(number) {
    const row = this.rows.find((one) => one.number === number);
    return row && (row.next ?? row.tried.body);
  }

  add(number, known, body) {
    let row = this.rows.find((one) => one.number === number);
    if (!row) this.rows.push((row = { number, known, tried: null }));
    row.next = body;
    this.tries = 0;
    this.keep();
    return this.send();
  }

  keep() {
    try {
      if (this.rows.length) localStorage.setItem(this.name, JSON.stringify({ at: Date.now(), rows: this.rows }));
      else localStorage.removeItem(this.name);
    } catch {
      // no storage here: the rows live as long as the page, which asks before it is left
    }
  }

  async send() {
    if (this.busy) return; // the newest is sent when this one is answered
    this.busy = true;
    clearTimeout(this.again);
    while (this.rows.length && (await this.sendFirst()));
    this.busy = false;
  }

  async sendFirst() {
    const [row] = this.rows;
    if (!row.tried) {
      row.tried = { id: newId(), sequence: row.known + 1, body: row.next };
      delete row.next;
      this.keep();
    }
    this.tell(row.number, "saving");
    const reply = await this.post(row);
    if (reply?.ok) return this.acknowledged(row, await reply.json());
    if (reply?.status === 401) return this.hold(row, "signed out");
    if (reply?.status === 403 && !this.renewed) {
      this.renewed = true;
      if (await this.renew()) return true;
    }
    if (reply && reply.status < 500 && reply.status !== 429 && reply.status !== 403) return this.refused(row, reply);
    this.hold(row, navigator.onLine === false ? "offline" : "trying");
    this.again = setTimeout(() => this.send(), PAUSES[Math.min(this.tries++, PAUSES.length - 1)]);
    return false;
  }

  async post({ number, tried }) {
    const body = new URLSearchParams(tried.body);
    body.set("event_id", tried.id);
    body.set("sequence", tried.sequence);
    body.set("csrfmiddlewaretoken", this.token());
    try {
      const headers = { Accept: "application/json" };
      return await fetch(this.address(number), { method: "POST", body, headers, redirect: "error" });
    } catch {
      return null; // no connection
    }
  }

  acknowledged(row, told) {
    this.renewed = false;
    this.tries = 0;
    row.known = row.tried.sequence;
    row.tried = null;
    if (row.next === undefined) this.drop(row);
    this.keep();
    this.tell(row.number, row.next === undefined ? "saved" : "saving", told.saved, row.known);
    return true;
  }

  async refused(row, reply) {
    const told = await reply.json().catch(() => ({}));
    this.drop(row);
    this.keep();
    this.tell(row.number, "refused", told.error ?? "This answer was not saved. Load the page again.");
    return true;
  }

  hold(row, why) {
    this.held = why;
    for (const one of this.rows) this.tell(one.number, why);
    return false;
  }

  drop(row) { this.rows = this.rows.filter((one) => one !== row); }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name))?.rows ?? [];
  } catch {
    return [];
  }
}

function forgetOld(mine) {
  try {
    for (const name of Object.keys(localStorage)) {
      const old = Date.now() - (JSON.parse(localStorage.getItem(name))?.at ?? 0) > MONTH;
      if (name.startsWith("answers:") && name !== mine && old) localStorage.removeItem(name);
    }
  } catch {
    // no storage, or not ours to read
  }
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is missing on plain http outside localhost
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
