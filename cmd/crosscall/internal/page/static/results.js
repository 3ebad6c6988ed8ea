// Results shows replies: verdicts under several models, states, findings, pictures.
import {element, choice, choose} from "./dom.js";

const table = (className, head) => {
  const body = element("tbody");
  const t = element("div", {className: `scroll ${className}`}, element("table", {}, element("thead", {}, element("tr", {}, ...head.map(h => element("th", {textContent: h})))), body));
  return [t, body];
};

// reveal scrolls a box, and not the page, so that a row of it is seen.
const reveal = (row, box) => {
  const r = row.getBoundingClientRect(), b = box.getBoundingClientRect();
  if (r.top < b.top + r.height) box.scrollTop -= b.top + r.height - r.top;
  else if (r.bottom > b.bottom) box.scrollTop += r.bottom - b.bottom;
};

const cell = (text, className = "") => element("td", {textContent: text, className});

const seconds = s => s < 0.01 ? "<0.01 s" : s < 10 ? `${s.toFixed(2)} s` : `${s.toFixed(0)} s`;

// A Results fills a place. go(file, line, col) moves the editor's cursor, hot(lines, scroll)
// makes lines of the test stand out, and has them seen if scroll says so.
export class Results {
  constructor(place, {go, hot, style}) {
    this.place = place;
    this.options = {go, hot, style};
    this.viewer = null;
  }

  clear() {
    this.viewer?.unmount();
    this.viewer = null;
    this.place.replaceChildren();
    this.options.hot([], false);
  }

  // line makes the events of a line of the source stand out.
  line(file, n) { this.viewer?.focusLine(file, n); }

  show(reply, file) {
    this.clear();
    this.file = file;
    if (reply.models) this.check(reply.models);
    if (reply.audit) this.audit(reply.audit);
  }

  check(models) {
    const [t, body] = table("verdicts", ["model", "verdict", "in", "states", "executions", "time", ""]);
    this.details = element("div");
    this.place.append(t, this.details);
    for (const m of models) {
      const r = m.result || {};
      const na = r.not_applicable, verdict = na ? "n/a" : m.error ? "error" : r.verdict;
      const row = element("tr", {data: {model: m.model}},
        cell(m.model), cell(verdict, na ? "faint" : verdict), cell(m.error || !m.columns ? "" : r.observation || ""), cell(m.error || !m.columns ? "" : r.states ?? ""),
        cell(m.error ? "" : r.executions), cell(m.error ? "" : seconds(r.seconds)), cell(this.remark(m, r)));
      body.append(choice(row, () => {
        choose(body, row);
        this.model(m);
      }));
    }
    body.rows[0].click();
  }

  // remark says what else there is to be said of a verdict.
  remark(m, r) {
    const list = [];
    if (m.error) list.push(m.error.message);
    if (r.failure) list.push(r.failure);
    if (r.reason) list.push(r.reason);
    for (const f of r.flags || []) list.push(`flag ${f}`);
    for (const race of r.races || []) list.push(`race: ${race.place} ${race.text}, and ${race.other_place} ${race.other_text}`);
    for (const c of r.covers || []) list.push(`cover ${c.place} ${c.status}`);
    return list.join("; ");
  }

  // model shows what there is under one model.
  model(m) {
    this.viewer?.unmount();
    this.viewer = null;
    this.details.replaceChildren();
    let rows = [];
    if (m.columns && !m.states?.length && m.result?.states > 0) this.details.append(element("p", {className: "faint", textContent: `${m.result.states} final states, too many to show.`}));
    if (m.states?.length) {
      const [t, body] = table("states", [...m.columns, ""]);
      rows = m.states.map(s => {
        const row = element("tr", {className: s.forbidden ? "forbidden" : ""}, ...s.values.map(v => cell(v)), cell(s.forbidden ? `forbidden by ${s.forbidden}` : ""));
        body.append(s.section < 0 ? row : choice(row, () => this.viewer.show(s.section)));
        return row;
      });
      this.statesBody = body;
      const all = m.result.states, shown = m.states.filter(s => !s.forbidden).length;
      const more = all > shown ? ` (${shown} of ${all} are shown)` : "";
      this.details.append(element("h2", {textContent: `Final states under ${m.model}${more}`}), t);
    }
    if (m.sections) {
      this.picture(m.sections, m.decides, i => {
        const at = (m.states || []).findIndex(s => s.section === i);
        if (this.statesBody && m.states?.length) choose(this.statesBody, rows[at]);
        if (rows[at]) reveal(rows[at], rows[at].closest(".scroll"));
      });
    } else if (m.no_picture) this.details.append(element("p", {className: "faint", textContent: `No picture: ${m.no_picture}.`}));
    if (m.text) this.details.append(element("details", {}, element("summary", {textContent: "As crosscall check prints it"}), element("pre", {textContent: m.text})));
  }

  // picture mounts sections, HTML that the checker has made.
  picture(html, first, onShow) {
    const root = element("div", {className: "viewer"});
    const sections = element("div", {className: "sections"});
    sections.innerHTML = html;
    root.append(sections);
    this.details.append(root);
    this.viewer = globalThis.crosscallViewer.mount(root, {
      style: this.options.style, onShow,
      onPoint: (places, pinned) => this.options.hot(places.filter(([file]) => file === this.file).map(([, line]) => line), pinned),
    });
    if (first) this.viewer.show(first);
  }

  audit(a) {
    if (a.incomplete) this.place.append(element("p", {className: "incomplete", textContent: a.incomplete}));
    const [promises, told] = table("promises", ["model", "the program as it is", ""]);
    for (const p of a.promises) {
      const words = {keeps: "holds", breaks: "fails", unknown: "incomplete", "not applicable": "n/a"}[p.outcome] || p.outcome;
      told.append(element("tr", {}, cell(p.model), cell(words, words === "n/a" ? "faint" : words), cell(p.why || ""), this.shows(p.section)));
    }
    this.place.append(promises);
    const models = a.barriers.length ? a.barriers[0].findings.map(f => f.model) : [];
    if (models.length) {
      const [t, body] = table("barriers", ["place", "barrier", ...models]);
      for (const b of a.barriers) {
        const row = element("tr", {data: {line: b.line}}, cell(`${b.line}:${b.col}`, "mono"), cell(b.text, "mono"));
        for (const f of b.findings) {
          const td = cell(f.words, {needed: "good", "not needed": "open", "could be weaker": "open"}[f.status] || "faint");
          if (f.section >= 0) td.append(" ", this.button(f.section, "why"));
          if (!f.stays) td.append(element("div", {className: "faint plain", textContent: f.minimal ? `minimal set: ${f.minimal}` : "minimal set: dropped"}));
          row.append(td);
        }
        body.append(choice(row, () => {
          choose(body, row);
          this.options.go(b.file, b.line, b.col);
        }));
      }
      this.place.append(element("h2", {textContent: "Barriers"}), t);
    } else if (a.promises.some(p => p.outcome === "keeps")) this.place.append(element("p", {textContent: "There is no barrier that could be weakened."}));
    this.details = element("div");
    this.place.append(this.details);
    if (a.sections) this.picture(a.sections, 0);
    this.details.append(element("details", {}, element("summary", {textContent: "As crosscall audit prints it"}), element("pre", {textContent: a.text})));
  }

  shows(section) { return section < 0 ? cell("") : element("td", {}, this.button(section, "execution")); }

  button(section, text) {
    return element("button", {type: "button", textContent: text, title: "Show an execution that breaks it", onclick: e => {
      e.stopPropagation();
      this.viewer.show(section);
      this.details.scrollIntoView({block: "start", behavior: "smooth"});
    }});
  }
}
