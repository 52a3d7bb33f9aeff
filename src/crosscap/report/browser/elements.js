// Elements from values. Text is set as text, never as markup: what data says cannot become part of the page.
const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(name, value);
  node.append(...children.filter(child => child !== null));
  return node;
}

const make = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const draw = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

const number = (value, digits = 1) => value === null || value === undefined ? "–" : value.toFixed(digits);
const signed = value => (value > 0 ? "+" : value < 0 ? "−" : "±") + Math.abs(value).toFixed(1);
