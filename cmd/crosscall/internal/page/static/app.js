// The page: an editor, models, check and audit, results; see the other files for each.
import {createEditor} from "./editor.js";
import {server, local} from "./engine.js";
import {pack, unpack} from "./link.js";
import {Results} from "./results.js";
import {Tour} from "./tour.js";
import {element, byId} from "./dom.js";

const pictureStyle = await (await fetch("picture.css")).text();
const site = await (await fetch("site.json")).json();
const engine = site.engine === "wasm" ? local() : server();
const ownModel = "own.cat";

// The request, besides the contents of the editors.
const test = {file: "test.litmus", models: new Set(), own: false};
let running = null; // what the engine has returned
let ended = null; // a promise of its end

const results = new Results(byId("found"), {
  go: (file, line, col) => at(file)?.go(line, col),
  hot: (lines, scroll) => editor.light(lines, scroll),
  style: async () => pictureStyle,
});

const changed = () => {
  byId("stale").hidden = !byId("found").firstChild;
  byId("results").classList.toggle("old", !byId("stale").hidden);
};
const editor = createEditor(byId("editor"), {label: "Test", onChange: changed, onLine: n => results.line(test.file, n), onRun: () => run("check")});
const cat = createEditor(byId("cat"), {label: "Model", onChange: changed, onLine: () => {}, onRun: () => run("check")});
cat.language = "cat";

// at is the editor of a file.
const at = file => file === test.file ? editor : file === ownModel ? cat : null;

const showModels = () => {
  const chip = (name, title, on, act) => element("button", {type: "button", textContent: name, title, onclick: act, aria: {pressed: String(on)}, data: {model: name}});
  byId("models").replaceChildren(element("span", {className: "faint", textContent: "Models"}),
    ...site.models.map(m => chip(m.name, m.title, test.models.has(m.name), () => {
      if (!test.models.delete(m.name)) test.models.add(m.name);
      showModels();
      changed();
    })),
    chip("own…", "A model of your own, in the language cat", test.own, () => {
      test.own = !test.own;
      if (test.own && !cat.text) cat.text = site.texts[site.subjects.flatMap(s => s.examples).find(e => e.cat >= 0).cat];
      showModels();
      changed();
    }));
  byId("own").hidden = !test.own;
};

const setFile = file => {
  test.file = file;
  const c = file.endsWith(".c");
  byId("language").value = c ? "c" : "litmus";
  editor.language = byId("language").value;
};

// load puts a test into the page.
const load = ({file, source, models, cat: own, defines, bound, about}) => {
  cancel();
  results.clear();
  showProblem(null);
  byId("stale").hidden = true;
  byId("results").classList.remove("old");
  setFile(file || "test.litmus");
  editor.text = source;
  test.models = new Set(models.filter(m => site.models.some(s => s.name === m)));
  test.own = Boolean(own);
  cat.text = own || "";
  byId("defines").value = defines || "";
  byId("bound").value = bound || "";
  byId("about").textContent = about || "";
  if (defines || bound) byId("options").open = true;
  showModels();
};

const words = defines => Object.entries(defines || {}).map(([name, value]) => value === "1" ? name : `${name}=${value}`).join(" ");

const loadExample = e => load({file: e.file, source: site.texts[e.source], models: e.models, cat: e.cat >= 0 ? site.texts[e.cat] : "", defines: words(e.defines), about: e.about});

const request = what => {
  const defines = {};
  for (const word of byId("defines").value.split(/\s+/).filter(Boolean)) {
    const [name, ...value] = word.split("=");
    defines[name] = value.length ? value.join("=") : "1";
  }
  return {
    do: what, file: test.file, source: editor.text, models: site.models.map(m => m.name).filter(m => test.models.has(m)).sort((a, b) => order(a) - order(b)),
    cat: test.own ? cat.text : "", defines, bound: Number(byId("bound").value) || 0, all: byId("all").checked,
  };
};

// order keeps models in the order in which an example has them.
const order = name => [...test.models].indexOf(name);

const showProblem = problem => {
  const box = byId("problem");
  editor.problems = cat.problems = [];
  box.hidden = !problem;
  box.replaceChildren();
  if (!problem) return;
  const place = problem.line ? `${problem.file}:${problem.line}:${problem.col}: ` : "";
  box.append(place + problem.message);
  const where = problem.line && at(problem.file);
  if (!where) return;
  where.problems = [problem];
  box.append(element("button", {type: "button", textContent: `Go to line ${problem.line}`, onclick: () => {
    where.go(problem.line, problem.col);
    where.focus();
  }}));
};

const count = n => n.toLocaleString("en");

const showProgress = p => {
  const list = [];
  if (p.model) list.push(p.model);
  if (p.tries) list.push(`${p.done} of ${p.of} barriers, ${count(p.tries)} variations`);
  if (p.executions) list.push(`${count(p.executions)} executions`);
  list.push(`${p.seconds.toFixed(1)} s`);
  byId("progress").textContent = list.join(", ");
  const meter = byId("meter");
  if (p.of > 1) {
    meter.max = p.of;
    meter.value = p.done;
  } else meter.removeAttribute("value");
};

const busy = on => {
  byId("cancel").hidden = byId("meter").hidden = !on;
  byId("check").disabled = byId("audit").disabled = on;
};

const cancel = () => running?.cancel();

// run asks for a check or an audit. What is running is cancelled.
const run = async what => {
  for (cancel(); running; ) await ended;
  const asked = request(what);
  if (!asked.models.length && !asked.cat) return showProblem({message: "Choose a model."});
  showProblem(null);
  results.clear();
  byId("stale").hidden = true;
  byId("results").classList.remove("old");
  byId("progress").textContent = "waiting for its turn…";
  busy(true);
  running = engine.run(asked, showProgress);
  ended = finish(asked);
  await ended;
};

// finish shows the reply to the request that is running.
const finish = async asked => {
  try {
    const reply = await running.reply;
    showProblem(reply.error || null);
    results.show(reply, asked.file);
    if (innerWidth < 1000) byId("results").scrollIntoView();
    byId("progress").textContent = reply.seconds === undefined ? "" : `done in ${reply.seconds.toFixed(2)} s`;
  } catch (e) {
    if (e !== "cancelled") throw e;
    byId("progress").textContent = "cancelled";
  } finally {
    running = null;
    busy(false);
  }
};

const loadLink = async () => {
  try {
    const t = await unpack(location.hash);
    if (t) load({...t, about: "from a link"});
    return Boolean(t);
  } catch (e) {
    showProblem({message: `There is no test in the link: ${e.message || e}`});
    return false;
  }
};

const makeLink = async () => {
  const {file, source, models, cat: own, bound} = request("check");
  history.replaceState(null, "", "#" + await pack({file, source, models, cat: own, bound, defines: byId("defines").value}));
  const told = await navigator.clipboard?.writeText(location.href).then(() => "the link is copied", () => "") || "the link is in the address";
  byId("progress").textContent = told;
};

const fillExamples = () => {
  const list = site.subjects.map(s => ({title: s.title, examples: s.examples}));
  list.splice(3, 0, {title: "The review of 2011", examples: site.tour.flatMap(stop => stop.looks.filter(l => l.file.endsWith(".litmus")))});
  const all = list.flatMap(s => s.examples);
  for (const s of list) {
    byId("examples").append(element("optgroup", {label: s.title}, ...s.examples.map(e => element("option", {value: all.indexOf(e), textContent: e.title.replace("boiled down: ", "")}))));
  }
  byId("examples").onchange = e => e.target.value !== "" && loadExample(all[e.target.value]);
};

byId("privacy").textContent = (site.engine === "wasm"
  ? "The checker runs in this browser, as WebAssembly: no test leaves it. "
  : "Tests are sent to the server that this page is from, which keeps none. ") + site.limits + " " + site.version;
byId("check").onclick = () => run("check");
byId("audit").onclick = () => run("audit");
byId("cancel").onclick = cancel;
byId("link").onclick = makeLink;
byId("language").onchange = e => {
  setFile(e.target.value === "c" ? "test.c" : "test.litmus");
  changed();
};
for (const id of ["bound", "defines", "all"]) byId(id).oninput = changed;
addEventListener("hashchange", loadLink);
fillExamples();
new Tour(site.tour, look => {
  loadExample(look);
  run("check");
});
if (!await loadLink()) loadExample(site.subjects[0].examples[0]);
document.body.dataset.ready = "true";
