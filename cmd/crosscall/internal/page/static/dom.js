// element makes an element. Text is never taken for HTML.
export const element = (name, props = {}, ...children) => {
  const {data, aria, ...rest} = props;
  const e = Object.assign(document.createElement(name), rest);
  for (const [key, value] of Object.entries(data || {})) e.dataset[key] = value;
  for (const [key, value] of Object.entries(aria || {})) e.setAttribute(`aria-${key}`, value);
  e.append(...children.filter(c => c !== null && c !== undefined));
  return e;
};

export const byId = id => document.getElementById(id);

// choice makes a row of a table one that is chosen by a click or by Enter.
export const choice = (row, act) => {
  row.classList.add("choice");
  row.tabIndex = 0;
  row.addEventListener("click", act);
  row.addEventListener("keydown", e => {
    if (e.key !== "Enter" && e.key !== " ") return;
    e.preventDefault();
    act();
  });
  return row;
};

// choose marks one of the rows of a body.
export const choose = (body, row) => {
  for (const r of body.rows) r.setAttribute("aria-selected", String(r === row));
};
