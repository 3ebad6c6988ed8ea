// The viewer of pictures: see the documentation of package viewer for what it finds in one.
"use strict";
globalThis.crosscallViewer = (() => {
  const svgSpace = "http://www.w3.org/2000/svg";
  const largest = 1.25; // a small picture is not blown up beyond that
  const legible = 0.7; // a large one is not shrunk below that before somebody asks for it
  const order = ["po", "rf", "co", "fr", "rmw", "addr", "data", "ctrl", "derived"];

  const element = (name, props = {}, ...children) => {
    const e = Object.assign(document.createElement(name), props);
    e.append(...children);
    return e;
  };

  // A Stage is the picture of one section: what part of it is seen, and what stands out.
  class Stage {
    constructor(section, viewer) {
      this.section = section;
      this.viewer = viewer;
      this.figure = section.querySelector("figure");
      this.svg = this.figure.querySelector("svg");
      this.whole = this.svg.getAttribute("viewBox");
      this.box = (this.svg.dataset.box || this.whole).split(/\s+/).map(Number);
      this.nodes = new Map();
      for (const e of section.querySelectorAll("[data-node]")) {
        const list = this.nodes.get(e.dataset.node) || [];
        list.push(e);
        this.nodes.set(e.dataset.node, list);
      }
      this.joins = [...this.svg.querySelectorAll("[data-from]")];
      this.pinned = null;
      this.pointers = new Map();
      this.prepare();
      this.listen();
    }

    // Nodes in the picture, by number.
    get drawn() { return [...this.svg.querySelectorAll("[data-node]")]; }

    prepare() {
      this.svg.removeAttribute("width");
      this.svg.removeAttribute("height");
      this.svg.setAttribute("role", "group"); // its nodes are buttons
      this.figure.tabIndex = 0;
      this.figure.setAttribute("aria-label", "Picture: arrow keys go from event to event, + and - zoom, 0 fits, n and p go to the next and the previous execution");
      for (const e of this.drawn) {
        e.setAttribute("tabindex", "-1");
        e.setAttribute("role", "button");
        e.setAttribute("aria-label", e.querySelector("title")?.textContent || e.textContent);
      }
    }

    listen() {
      for (const [node, list] of this.nodes) for (const e of list) {
        e.addEventListener("mouseenter", () => this.pinned === null && this.point([node]));
        e.addEventListener("mouseleave", () => this.pinned === null && this.point([]));
        e.addEventListener("click", event => {
          event.stopPropagation();
          if (!this.moved) this.pin(this.pinned === node ? null : node);
        });
      }
      const f = this.figure;
      f.addEventListener("click", () => this.moved || this.pin(null));
      f.addEventListener("pointerdown", e => this.press(e));
      f.addEventListener("pointermove", e => this.drag(e));
      for (const end of ["pointerup", "pointercancel", "pointerleave"]) f.addEventListener(end, e => this.release(e));
      f.addEventListener("wheel", e => {
        if (!e.ctrlKey && !e.metaKey) return; // the page scrolls
        e.preventDefault();
        this.zoom(Math.exp(-e.deltaY / 300), e);
      }, {passive: false});
      f.addEventListener("dblclick", () => this.fit());
    }

    // fit shows all of the picture.
    fit() {
      const [x, y, w, h] = this.box;
      this.scale = Math.min(this.figure.clientWidth / w, this.figure.clientHeight / h, largest);
      this.look(x + w / 2, y + h / 2);
    }

    // open shows all of the picture if that can be read, else what decides, or how it begins.
    open() {
      const [x, y, w, h] = this.box, wide = this.figure.clientWidth || 600;
      const scale = Math.max(legible, Math.min(largest, wide / w));
      const high = Math.max(140, Math.min(h * scale, innerHeight * 0.72));
      this.figure.style.height = `${Math.round(high) + 2}px`;
      this.fit();
      if (this.scale >= legible) return;
      this.scale = legible;
      const e = this.svg.querySelector(".failed[data-node],.failing") || this.svg.querySelector(".cycle[data-node]") || this.drawn[0];
      const inside = (at, from, size, seen) => seen >= size ? from + size / 2 : Math.min(from + size - seen / 2, Math.max(from + seen / 2, at));
      const [px, py] = e ? this.middle(e) : [x, y];
      this.look(inside(px, x, w, wide / legible), inside(py, y, h, high / legible));
    }

    // middle is where an element is, in the terms of the viewBox.
    middle(e) {
      const b = e.getBoundingClientRect(), m = this.svg.getScreenCTM().inverse();
      const p = new DOMPoint(b.x + b.width / 2, b.y + b.height / 2).matrixTransform(m);
      return [p.x, p.y];
    }

    // look puts a point of the picture into the middle.
    look(x, y) {
      const w = (this.figure.clientWidth || 600) / this.scale, h = this.figure.clientHeight / this.scale;
      this.seen = [x - w / 2, y - h / 2, w, h];
      this.svg.setAttribute("viewBox", this.seen.map(n => n.toFixed(2)).join(" "));
    }

    // zoom keeps the point under the pointer where it is.
    zoom(factor, at) {
      const to = Math.min(8, Math.max(0.02, this.scale * factor));
      const r = this.figure.getBoundingClientRect();
      const px = at ? at.clientX - r.left : r.width / 2, py = at ? at.clientY - r.top : r.height / 2;
      const [x, y] = this.seen;
      const fx = x + px / this.scale, fy = y + py / this.scale;
      this.scale = to;
      this.look(fx + (r.width / 2 - px) / to, fy + (r.height / 2 - py) / to);
    }

    press(e) {
      if (e.button) return;
      this.pointers.set(e.pointerId, e);
      this.moved = false;
    }

    drag(e) {
      const last = this.pointers.get(e.pointerId);
      if (!last) return;
      const others = [...this.pointers.values()].filter(p => p.pointerId !== e.pointerId);
      const dx = e.clientX - last.clientX, dy = e.clientY - last.clientY;
      if (!this.moved && Math.hypot(dx, dy) < 4) return;
      if (!this.moved) {
        this.moved = true;
        this.figure.classList.add("drag");
      }
      this.pointers.set(e.pointerId, e);
      if (others.length) { // two fingers
        const o = others[0], apart = p => Math.hypot(p.clientX - o.clientX, p.clientY - o.clientY) || 1;
        this.zoom(apart(e) / apart(last), {clientX: (e.clientX + o.clientX) / 2, clientY: (e.clientY + o.clientY) / 2});
      }
      const [x, y, w, h] = this.seen, share = this.scale * (others.length + 1);
      this.look(x + w / 2 - dx / share, y + h / 2 - dy / share);
    }

    release(e) {
      this.pointers.delete(e.pointerId);
      this.figure.classList.remove("drag");
    }

    // pin makes a node stand out until another does; null: none.
    pin(node) {
      this.pinned = node;
      this.point(node === null ? [] : [node]);
      for (const e of this.drawn) e.classList.toggle("pinned", e.dataset.node === node);
      this.viewer.pinned(this, node);
    }

    // point makes nodes stand out, with what they are joined to, and their lines.
    point(nodes) {
      const wanted = new Set(nodes), near = new Set(nodes);
      for (const e of this.joins) {
        const {from, to} = e.dataset, hot = wanted.has(from) || wanted.has(to);
        e.classList.toggle("hot", hot);
        if (hot) near.add(from).add(to);
      }
      for (const [node, list] of this.nodes) for (const e of list) e.classList.toggle("hot", e.closest("svg") ? near.has(node) : wanted.has(node));
      this.figure.classList.toggle("focus", nodes.length > 0);
      this.viewer.light(this.places(nodes));
    }

    // places are the lines that nodes have, as [file, line].
    places(nodes) {
      return this.drawn.filter(e => nodes.includes(e.dataset.node) && e.dataset.line).map(e => [e.dataset.file || "", Number(e.dataset.line)]);
    }

    // at lists the nodes of a line.
    at(file, line) {
      return this.drawn.filter(e => Number(e.dataset.line) === line && (e.dataset.file || "") === file).map(e => e.dataset.node);
    }

    // go pins the node that is next in a direction.
    go(dx, dy) {
      const all = this.drawn.map(e => [e, ...this.middle(e)]);
      const now = all.find(([e]) => e.dataset.node === this.pinned);
      let best = all[0], least = Infinity;
      for (const [e, x, y] of now ? all : []) {
        const along = (x - now[1]) * dx + (y - now[2]) * dy, aside = Math.abs((x - now[1]) * dy + (y - now[2]) * dx);
        if (along > 1 && along + 3 * aside < least) [best, least] = [[e, x, y], along + 3 * aside];
      }
      if (!best || now && least === Infinity) return;
      this.pin(best[0].dataset.node);
      const [x, y, w, h] = this.seen;
      if (best[1] < x || best[2] < y || best[1] > x + w || best[2] > y + h) this.look(best[1], best[2]);
      best[0].focus({preventScroll: true});
    }

    // hide leaves out kinds of edges.
    hide(kinds) {
      for (const e of this.svg.querySelectorAll("[data-kind]")) e.style.display = kinds.has(e.dataset.kind) && e.dataset.kind !== "cycle" ? "none" : "";
    }

    // kinds lists those of the edges, each with what the key says of it.
    kinds() {
      const kinds = new Map();
      for (const e of this.joins) e.dataset.kind && kinds.set(e.dataset.kind, e.dataset.kind);
      for (const e of this.svg.querySelectorAll(".key[data-kind]")) kinds.has(e.dataset.kind) && kinds.set(e.dataset.kind, e.textContent.trim());
      const rank = kind => (order.indexOf(kind) + order.length) % order.length;
      return [...kinds].sort(([a], [b]) => rank(a) - rank(b));
    }

    // file is the picture as an SVG by itself, with its caption.
    file(style) {
      const svg = this.svg.cloneNode(true);
      const [, , w, h] = this.whole.split(/\s+/);
      for (const [name, value] of Object.entries({viewBox: this.whole, width: w, height: h, xmlns: svgSpace, role: "img"})) svg.setAttribute(name, value);
      for (const e of svg.querySelectorAll("[data-node]")) for (const name of ["tabindex", "role", "aria-label"]) e.removeAttribute(name);
      for (const e of svg.querySelectorAll(".hot,.pinned")) e.classList.remove("hot", "pinned");
      const sheet = document.createElementNS(svgSpace, "style");
      sheet.textContent = style;
      svg.prepend(sheet);
      return new XMLSerializer().serializeToString(svg) + "\n";
    }
  }

  // A Viewer is the sections, one of them shown, and the sources beside.
  class Viewer {
    constructor(root, options) {
      this.root = root;
      this.options = options;
      this.hidden = new Set();
      this.lines = new Map();
      for (const li of root.querySelectorAll(".source li")) this.lines.set(`${li.closest(".source").dataset.file}:${li.dataset.line}`, li);
      this.sections = [...root.querySelectorAll("section.shown")];
      this.stages = this.sections.map(() => null);
      root.classList.add("live");
      root.classList.toggle("sourced", this.lines.size > 0);
      document.querySelector(".contents")?.classList.add("live");
      this.makeBar();
      this.end = new AbortController();
      const {signal} = this.end;
      (options.keys || root).addEventListener("keydown", e => this.key(e), {signal});
      for (const li of this.lines.values()) li.addEventListener("click", () => this.focusLine(li.closest(".source").dataset.file, Number(li.dataset.line)));
      let wide = innerWidth;
      addEventListener("resize", () => {
        if (innerWidth === wide) return; // a phone's address bar
        wide = innerWidth;
        this.stages.forEach(s => s && (s.stale = true));
        this.stage?.open();
      }, {signal});
      addEventListener("hashchange", () => this.showHash(), {signal});
      if (this.sections.length) this.show(0);
      this.showHash();
    }

    // unmount lets go of the page.
    unmount() { this.end.abort(); }

    showHash() {
      const i = /^#x(\d+)$/.exec(location.hash);
      if (i && this.sections[i[1]]) this.show(Number(i[1]));
    }

    makeBar() {
      const button = (text, title, act) => element("button", {type: "button", textContent: text, title, onclick: act});
      this.back = button("‹", "Previous execution (p)", () => this.step(-1));
      this.next = button("›", "Next execution (n)", () => this.step(1));
      for (const [b, name] of [[this.back, "previous"], [this.next, "next"]]) b.className = name;
      this.list = element("select", {title: "Execution", onchange: () => this.show(this.list.selectedIndex)});
      this.list.setAttribute("aria-label", "Execution");
      for (const s of this.sections) this.list.append(element("option", {textContent: s.dataset.title}));
      this.chips = element("span", {className: "chips"});
      const several = this.sections.length > 1 ? [this.back, this.list, this.next, element("span", {className: "gap"})] : [];
      this.bar = element("div", {className: "bar"}, ...several,
        button("−", "Zoom out (-)", () => this.stage.zoom(1 / 1.3)), button("+", "Zoom in (+); the wheel with Ctrl does too", () => this.stage.zoom(1.3)),
        button("Fit", "Show all (0)", () => this.stage.fit()), element("span", {className: "gap"}), this.chips, element("span", {className: "gap"}),
        Object.assign(button("Save SVG", "The picture with its caption, to print or to keep", () => this.save()), {className: "save"}));
      this.root.prepend(this.bar);
    }

    // show shows a section.
    show(i) {
      this.stage?.pin(null);
      this.sections.forEach((s, k) => s.classList.toggle("now", k === i));
      this.index = i;
      if (!this.stages[i]) {
        this.stages[i] = new Stage(this.sections[i], this);
        this.stages[i].stale = true;
      }
      this.stage = this.stages[i];
      if (this.stage.stale) this.stage.open();
      this.stage.stale = false;
      this.list.selectedIndex = i;
      this.back.disabled = i === 0;
      this.next.disabled = i === this.sections.length - 1;
      this.showKinds();
      this.markLines();
      this.options.onShow?.(i);
    }

    step(by) {
      if (this.sections[this.index + by]) this.show(this.index + by);
    }

    showKinds() {
      const kinds = this.stage.kinds();
      this.chips.replaceChildren();
      for (const [kind, words] of kinds) {
        const chip = element("button", {type: "button", className: "kind", textContent: kind === "derived" ? "other" : kind, title: `${words}: show or hide`});
        chip.dataset.kind = kind;
        chip.setAttribute("aria-pressed", String(!this.hidden.has(kind)));
        chip.onclick = () => {
          if (!this.hidden.delete(kind)) this.hidden.add(kind);
          chip.setAttribute("aria-pressed", String(!this.hidden.has(kind)));
          this.stage.hide(this.hidden);
        };
        this.chips.append(chip, " ");
      }
      this.stage.hide(this.hidden);
    }

    // markLines marks the lines that have events.
    markLines() {
      const linked = new Set(this.stage.drawn.map(e => `${e.dataset.file || ""}:${e.dataset.line}`));
      for (const [place, li] of this.lines) li.classList.toggle("linked", linked.has(place));
      for (const s of this.root.querySelectorAll(".source")) s.hidden = !s.querySelector(".linked");
    }

    // light makes lines stand out.
    light(places) {
      for (const li of this.lines.values()) li.classList.remove("hot");
      for (const [file, line] of places) this.lines.get(`${file}:${line}`)?.classList.add("hot");
      this.options.onPoint?.(places, this.stage?.pinned != null);
    }

    // pinned is called when a node is.
    pinned(stage, node) {
      const li = node !== null && this.root.querySelector(".source li.hot");
      const box = li && li.closest(".sources");
      if (box && box.scrollHeight > box.clientHeight) box.scrollTop = li.offsetTop - box.offsetTop - box.clientHeight / 2;
    }

    // focusLine makes the events of a line stand out, and says how many there are.
    focusLine(file, line) {
      if (!this.stage) return 0;
      const nodes = this.stage.at(file, line);
      if (nodes.length === 1) this.stage.pin(nodes[0]);
      else {
        this.stage.pin(null);
        this.stage.point(nodes);
      }
      return nodes.length;
    }

    key(e) {
      if (e.ctrlKey || e.metaKey || e.altKey || e.target.matches("input,select,textarea")) return;
      const inside = e.target.closest("figure");
      const act = {
        n: () => this.step(1), p: () => this.step(-1), "+": () => this.stage.zoom(1.3), "=": () => this.stage.zoom(1.3), "-": () => this.stage.zoom(1 / 1.3),
        0: () => this.stage.fit(), Escape: () => this.stage.pin(null),
        ArrowLeft: inside && (() => this.stage.go(-1, 0)), ArrowRight: inside && (() => this.stage.go(1, 0)),
        ArrowUp: inside && (() => this.stage.go(0, -1)), ArrowDown: inside && (() => this.stage.go(0, 1)),
      }[e.key];
      if (!act || !this.stage) return;
      e.preventDefault();
      act();
      if ("np".includes(e.key)) this.stage.figure.focus({preventScroll: true});
    }

    async save() {
      const style = await (this.options.style?.() ?? document.querySelector("#picture-style")?.textContent ?? "");
      const url = URL.createObjectURL(new Blob([this.stage.file(style)], {type: "image/svg+xml"}));
      const name = this.sections[this.index].dataset.title.replace(/[^\w.+-]+/g, "-").replace(/^-+|-+$/g, "") || "execution";
      element("a", {href: url, download: `${name}.svg`}).click();
      setTimeout(() => URL.revokeObjectURL(url), 10000);
    }
  }

  return {mount: (root, options = {}) => new Viewer(root, options)};
})();
