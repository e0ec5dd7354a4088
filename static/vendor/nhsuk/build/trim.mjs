// Takes the compiled nhsuk CSS on stdin, writes what our pages use to stdout.
// Drops variants we never write, code for browsers that cannot run the rest, and print rules app.css has better.
import postcss from "postcss";
import { readFileSync } from "node:fs";

const neverWritten = new RegExp([
  "--reverse", "--small", "--icon", "--login", "--brand", "--solid", "--inline", "--code", "--xs", "--xl", "icon",
  "expander", "conditional", "divider", "search", "link-image", "nhsuk-link", "fluid", "wrapper", "__prefix",
  "__suffix", "--no-actions", "--no-border", "--no-last", "--border", "--cross", "--tick", "--noicon", "card",
  "nhsuk-caption", "moz-focus-inner", "webkit-details", "--width-(?!2\\b|4\\b|10\\b|20\\b)", "--numeric", "body-",
  "autocomplete", "nhsuk-checkboxes__input--", "frontend-(not-)?supported", "__content", "-ms-",
  "hidden-focusable", "status--", "\\+ \\.nhsuk-heading", ":has\\(\\+",
].join("|"));
const prefixed = /^-(moz|ms)-|^-webkit-(?!text-size)/;
const variables = {
  "#a3241b": "var(--error)", "#b3b3b4": "var(--line)", "#d8dde0": "var(--line)",
  "#5b2a6e": "var(--plum)", "#4c5a61": "var(--ink-soft)",
};

const root = postcss.parse(readFileSync(0, "utf8"));
const unwrap = (rule) => { rule.replaceWith(rule.nodes); };
root.walkAtRules("supports", (r) => { /^not \(caret/.test(r.params) ? r.remove() : unwrap(r); });
root.walkAtRules("media", (r) => {
  if (!/^(screen|print|all|\(|only|not)[\x20-\x7e]*$/.test(r.params) || r.params === "print" || /^screen\\/.test(r.params)) return r.remove();
  r.params = r.params.replace(/,\s*\(-ms-high-contrast: ?active\)/, "").replace("screen and (forced-colors", "(forced-colors");
});
root.walkRules((r) => {
  r.selectors = [...new Set(r.selectors)].filter((s) => !neverWritten.test(s));
  if (!r.selector || !r.selectors.length) r.remove();
});
root.walkDecls((d) => {
  // In forced colours a link is a link already.
  if (/^(LinkText|VisitedText|ActiveText)$/.test(d.value)) return d.remove();
  if (prefixed.test(d.prop) || /-webkit-fit-content|rgba\(var/.test(d.value)) return d.remove();
  // Type follows the page: a component names a size or a weight only where it differs.
  if ((d.prop === "font-size" && d.value === "1.125rem") || (d.prop === "line-height" && /^1\.5{3,}\d*$/.test(d.value))) return d.remove();
  for (const [hex, name] of Object.entries(variables)) d.value = d.value.replace(new RegExp(hex + "\\b", "i"), name);
  d.value = d.value.replace(/#7[0-9a-f]{5}\b|rgb\([^)]*\)/i, (m) => (d.prop === "color" ? "var(--error)" : m));
});
for (let pass = 0; pass < 3; pass++) root.walk((n) => { if (n.nodes && !n.nodes.length) n.remove(); });
// neighbours with one selector become one rule
root.walkRules((r) => {
  const next = r.next();
  if (next?.type === "rule" && next.selector === r.selector) { next.prepend(r.nodes.map((n) => n.clone())); r.remove(); }
});
root.walkComments((c) => c.remove());
process.stdout.write(root.toString() + "\n");
