"use strict";

// Elements. Text is only ever set as text, so nothing that stands in a claim can become markup or script.

const SVG = "http://www.w3.org/2000/svg";

const byId = (id) => document.getElementById(id);

function h(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false && child !== "") element.append(child);
  }
  return element;
}

/** A link to an authority; what is no web address stays text. */
function link(title, url) {
  if (!/^https?:\/\/[^\s]+$/i.test(url ?? "")) return h("span", {}, title);
  return h("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, title);
}

/** Text that came with a claim: it cannot turn the direction of the words around it. */
const told = (text, attributes = {}) => h("bdi", attributes, text);

/** The small picture that says in a form what colour says, too; the word always stands beside it. */
function glyph(kind) {
  const shapes = {
    hold: [["path", { d: "M5 1h6l4 4v6l-4 4H5l-4-4V5z" }], ["path", { d: "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6", class: "cut" }]],
    review: [["path", { d: "M8 1l7.5 14H.5z" }], ["path", { d: "M8 6v4.5M8 12v1.4", class: "cut" }]],
    pass: [["circle", { cx: 8, cy: 8, r: 7 }], ["path", { d: "M4.5 8.2l2.4 2.5 4.6-5", class: "cut" }]],
    unread: [["rect", { x: 1, y: 1, width: 14, height: 14, rx: 2 }], ["path", { d: "M5.5 5.8a2.5 2.5 0 1 1 3.4 2.3c-.6.3-.9.7-.9 1.6M8 11.4v1.4", class: "cut" }]],
    info: [["circle", { cx: 8, cy: 8, r: 6.2, class: "hollow" }], ["path", { d: "M8 7v4.5M8 4.2v1.4", class: "stroke" }]],
  };
  shapes.error = shapes.hold;
  shapes.warning = shapes.review;
  const drawing = (shapes[kind] ?? shapes.info).map(([name, attributes]) => svg(name, attributes));
  return svg("svg", { class: `glyph ${kind}`, viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, drawing);
}

function badge(kind, word) {
  return h("span", { class: `badge ${kind}` }, glyph(kind), h("span", {}, word));
}

const DOLLARS = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const WHOLE_DOLLARS = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 0 });
const NUMBER = new Intl.NumberFormat("en-US");

const dollars = (cents) => DOLLARS.format((cents ?? 0) / 100);

/** Never 100%, for a risk is an estimate. */
const percent = (risk) => (risk > 0.99 ? "over 99%" : `${Math.round(risk * 100)}%`);

const countOf = (number, noun) => `${NUMBER.format(number)} ${noun}${number === 1 ? "" : "s"}`;

const words = (text) => String(text).replaceAll("_", " ");

const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) : text);
