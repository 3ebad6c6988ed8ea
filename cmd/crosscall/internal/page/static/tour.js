// The tour: the questions of the review, the answer to each, and what decides it.
import {element, byId} from "./dom.js";

const marks = {fails: "✗ ", holds: "✓ ", undefined: ""};

export class Tour {
  // look(example) is called with what is chosen to be looked at.
  constructor(stops, look) {
    this.stops = stops;
    this.look = look;
    byId("stops").append(...stops.map((s, i) => element("option", {value: i, textContent: `${s.id}: ${s.asks}`})));
    byId("stops").onchange = e => this.show(Number(e.target.value));
    byId("stop-back").onclick = () => this.show(this.at - 1);
    byId("stop-next").onclick = () => this.show(this.at + 1);
    byId("tour-button").onclick = () => byId("tour").hidden ? this.show(this.at || 0) : this.close();
    byId("tour-close").onclick = () => this.close();
  }

  close() {
    byId("tour").hidden = true;
    byId("tour-button").setAttribute("aria-expanded", "false");
  }

  // show goes to a question, and looks at what decides it.
  show(i) {
    const stop = this.stops[i];
    this.at = i;
    byId("tour").hidden = false;
    byId("tour-button").setAttribute("aria-expanded", "true");
    byId("stops").value = i;
    byId("stop-back").disabled = i === 0;
    byId("stop-next").disabled = i === this.stops.length - 1;
    byId("asks").textContent = stop.asks;
    byId("answer").textContent = stop.answer;
    const buttons = stop.looks.map(l => element("button", {type: "button", textContent: marks[l.expect] + l.title, title: l.about, onclick: e => {
      for (const b of buttons) b.setAttribute("aria-pressed", String(b === e.currentTarget));
      this.look(l);
    }, aria: {pressed: "false"}}));
    byId("looks").replaceChildren(...buttons);
    buttons[0]?.click();
  }
}
