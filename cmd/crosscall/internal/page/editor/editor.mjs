// The editor of the page: CodeMirror, with the languages of the checker.
import {EditorState, StateEffect, StateField, Compartment} from "@codemirror/state";
import {EditorView, keymap, lineNumbers, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, drawSelection, Decoration} from "@codemirror/view";
import {defaultKeymap, history, historyKeymap, indentWithTab} from "@codemirror/commands";
import {StreamLanguage, syntaxHighlighting, HighlightStyle, bracketMatching, indentUnit} from "@codemirror/language";
import {setDiagnostics, lintGutter} from "@codemirror/lint";
import {tags} from "@lezer/highlight";

const words = text => new Set(text.split(" "));

const cKeywords = words("if else while for do switch case default break continue return goto struct union enum typedef sizeof static inline const volatile extern register _Atomic _Thread_local");
const cTypes = words("int char short long unsigned signed void bool float double atomic_t atomic64_t atomic_long_t spinlock_t atomic_int atomic_bool size_t u8 u16 u32 u64 s32 s64 pthread_t pthread_mutex_t");
const orders = /^(smp_\w+|barrier|READ_ONCE|WRITE_ONCE|rcu_\w+|srcu_\w+|synchronize_\w+|(raw_)?spin_\w+|mutex_\w+|xchg\w*|cmpxchg\w*|try_cmpxchg\w*|atomic\w*_\w+|atomic64_\w+|memory_order_\w+|pthread_\w+|isb)$/;

// likeC reads C, and with it the bodies of litmus tests; more are further keywords.
const likeC = (name, comment, more) => ({
  name,
  startState: () => ({inside: null, depth: 0}),
  token(stream, state) {
    if (state.inside) {
      if (stream.skipTo(state.inside)) {
        stream.match(state.inside);
        state.inside = null;
      } else stream.skipToEnd();
      return "comment";
    }
    if (stream.eatSpace()) return null;
    for (const [open, close] of comment) {
      if (open === "(*" && state.depth || !stream.match(open)) continue; // in a body it is a parenthesis
      if (close) state.inside = close;
      else stream.skipToEnd();
      return "comment";
    }
    if (stream.sol() && stream.peek() === "#") {
      stream.skipToEnd();
      return "meta";
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) return "string";
    if (stream.match(/^\d\w*/)) return "number";
    const m = stream.match(/^[A-Za-z_]\w*/);
    if (m) {
      const word = m[0];
      if (more.has(word) || cKeywords.has(word)) return "keyword";
      if (cTypes.has(word)) return "typeName";
      if (/^P\d+$/.test(word)) return "definition";
      if (word === "assert" || word === "cover" || orders.test(word)) return "special";
      return "variableName";
    }
    if (stream.match(/^(\/\\|\\\/|[-+*/%=<>!&|^~?:]+)/)) return "operator";
    const c = stream.next();
    if (c === "{") state.depth++;
    if (c === "}") state.depth = Math.max(0, state.depth - 1);
    return null;
  },
  tokenTable,
  languageData: {commentTokens: name === "cat" ? {block: {open: "(*", close: "*)"}} : {block: {open: "/*", close: "*/"}}, closeBrackets: {brackets: ["(", "[", "{"]}},
});

const tokenTable = {definition: tags.definition(tags.variableName), special: tags.standard(tags.variableName)};

const catWords = words("let rec and in as include enum instructions acyclic irreflexive empty flag show unshow begin end call procedure with from forall do match fun if then else");
const catNames = words("po rf co fr rfe rfi coe coi fre fri ext int loc id rmw addr data ctrl po-loc fencerel domain range R W M F RMW IW emptyset partition tag2scope");
const cat = {
  name: "cat",
  startState: () => ({depth: 0}),
  token(stream, state) {
    if (state.depth || stream.match("(*")) {
      if (!state.depth) state.depth = 1;
      while (!stream.eol() && state.depth) {
        if (stream.match("*)")) state.depth--;
        else if (stream.match("(*")) state.depth++;
        else stream.next();
      }
      return "comment";
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^"[^"]*"?/)) return "string";
    if (stream.match(/^'[\w.-]+/)) return "number";
    const m = stream.match(/^[A-Za-z_][\w.]*(-[\w.]+)*/);
    if (m) return catWords.has(m[0]) ? "keyword" : catNames.has(m[0]) ? "special" : "variableName";
    if (stream.match(/^[-|&;\\*+^~?!=<>]+/)) return "operator";
    stream.next();
    return null;
  },
  tokenTable,
  languageData: {commentTokens: {block: {open: "(*", close: "*)"}}},
};

const languages = {
  litmus: StreamLanguage.define(likeC("litmus", [["(*", "*)"], ["/*", "*/"], ["//", null]], words("C exists forall locations filter not"))),
  c: StreamLanguage.define(likeC("c", [["/*", "*/"], ["//", null]], words("true false NULL"))),
  cat: StreamLanguage.define(cat),
};

const style = HighlightStyle.define([
  {tag: tags.comment, color: "var(--syntax-comment)", fontStyle: "italic"},
  {tag: tags.keyword, color: "var(--syntax-keyword)"},
  {tag: tags.typeName, color: "var(--syntax-type)"},
  {tag: [tags.string, tags.meta], color: "var(--syntax-string)"},
  {tag: tags.number, color: "var(--syntax-number)"},
  {tag: tags.definition(tags.variableName), color: "var(--syntax-type)", fontWeight: "bold"},
  {tag: tags.standard(tags.variableName), color: "var(--syntax-special)", fontWeight: "bold"},
]);

const theme = EditorView.theme({
  "&": {height: "100%", fontSize: "13px", backgroundColor: "var(--ground)", color: "var(--text)"},
  "&.cm-focused": {outline: "none"}, // the frame shows it
  ".cm-scroller": {fontFamily: 'ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,"Liberation Mono",monospace', lineHeight: "1.45"},
  ".cm-content": {caretColor: "var(--text)"},
  ".cm-cursor": {borderLeftColor: "var(--text)"},
  ".cm-gutters": {backgroundColor: "var(--box)", color: "var(--faint)", border: "none"},
  ".cm-activeLine, .cm-activeLineGutter": {backgroundColor: "var(--active)"},
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {backgroundColor: "var(--selection)"},
  ".cm-hot": {backgroundColor: "var(--hot)"},
  ".cm-tooltip": {backgroundColor: "var(--box)", color: "var(--text)", border: "1px solid var(--line)"},
});

const setHot = StateEffect.define();
const hotLine = Decoration.line({class: "cm-hot"});
const hotLines = StateField.define({
  create: () => Decoration.none,
  update(lines, tr) {
    lines = lines.map(tr.changes);
    for (const e of tr.effects) {
      if (!e.is(setHot)) continue;
      const list = [...new Set(e.value)].filter(n => n >= 1 && n <= tr.state.doc.lines).sort((a, b) => a - b);
      lines = Decoration.set(list.map(n => hotLine.range(tr.state.doc.line(n).from)));
    }
    return lines;
  },
  provide: field => EditorView.decorations.from(field),
});

// createEditor puts an editor into an element, under a shadow root: what styles it has do
// not need a policy that allows styles inline.
export function createEditor(parent, {label, onChange, onLine, onRun}) {
  const root = parent.attachShadow({mode: "open"});
  const language = new Compartment();
  let quiet = false; // the change is not the reader's
  const view = new EditorView({
    root, parent: root,
    state: EditorState.create({extensions: [
      lineNumbers(), lintGutter(), highlightSpecialChars(), history(), drawSelection(), bracketMatching(), highlightActiveLine(), highlightActiveLineGutter(), hotLines,
      indentUnit.of("\t"), EditorState.tabSize.of(8), EditorView.lineWrapping, EditorView.contentAttributes.of({"aria-label": label, autocapitalize: "off", spellcheck: "false"}),
      keymap.of([{key: "Mod-Enter", run: () => (onRun(), true)}, ...defaultKeymap.filter(k => k.key !== "Mod-Enter"), ...historyKeymap, indentWithTab]),
      language.of(languages.litmus), syntaxHighlighting(style), theme,
      EditorView.updateListener.of(u => {
        if (quiet) return;
        if (u.docChanged) onChange();
        else if (u.selectionSet && u.view.hasFocus) onLine(u.state.doc.lineAt(u.state.selection.main.head).number);
      }),
    ]}),
  });
  const place = (line, col) => {
    const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    return {at, from: Math.min(at.from + Math.max(col - 1, 0), at.to)};
  };
  return {
    view,
    get text() { return view.state.doc.toString(); },
    set text(text) {
      quiet = true;
      view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: text}, selection: {anchor: 0}, scrollIntoView: true});
      quiet = false;
    },
    set language(name) { view.dispatch({effects: language.reconfigure(languages[name])}); },
    // problems are {line, col, message}; the first is shown.
    set problems(list) {
      view.dispatch(setDiagnostics(view.state, list.map(p => {
        const {at, from} = place(p.line, p.col);
        const word = /^\w+/.exec(view.state.doc.sliceString(from, at.to));
        return {from, to: Math.min(at.to, from + (word ? word[0].length : 1)), severity: "error", message: p.message};
      })));
      if (list.length) this.go(list[0].line, list[0].col);
    },
    // light makes lines stand out, and scrolls to them if they are to be seen.
    light(lines, scroll) {
      const onScreen = lines.some(n => {
        const c = n >= 1 && n <= view.state.doc.lines && view.coordsAtPos(view.state.doc.line(n).from), r = view.scrollDOM.getBoundingClientRect();
        return c && c.top >= r.top && c.bottom <= r.bottom;
      });
      const effects = [setHot.of(lines)];
      if (scroll && lines.length && !onScreen && lines[0] <= view.state.doc.lines) effects.push(EditorView.scrollIntoView(view.state.doc.line(lines[0]).from, {y: "center"}));
      view.dispatch({effects});
    },
    // go moves the cursor.
    go(line, col) {
      quiet = true;
      view.dispatch({selection: {anchor: place(line, col).from}, scrollIntoView: true});
      quiet = false;
    },
    focus: () => view.focus(),
  };
}
