/** New content for an element that keeps what it has: only what differs is written, so little is laid out anew. */

/** @type {(old: Element, wanted: Element) => void} */
function patchAttributes(old, wanted) {
  for (const { name, value } of wanted.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.attributes.length === wanted.attributes.length) return;
  for (const { name } of [...old.attributes]) if (!wanted.hasAttribute(name)) old.removeAttribute(name);
}

/** @type {(old: Node, wanted: Node) => boolean} whether the old node could be made like the wanted one */
function patched(old, wanted) {
  if (old.nodeName !== wanted.nodeName || wanted.isConnected) return false; // one that is shown stays itself
  if (old instanceof Text && wanted instanceof Text) {
    if (old.data !== wanted.data) old.data = wanted.data;
    return true;
  }
  if (!(old instanceof Element && wanted instanceof Element)) return false;
  patchAttributes(old, wanted);
  patchChildren(old, [...wanted.childNodes]);
  return true;
}

/**
 * Make the children of an element like the wanted ones. Nothing that listens may be among them, nor anything that
 * somebody holds on to, unless it is given again and again at the same place.
 * @param {Element} parent
 * @param {Node[]} wanted made for this; they are used up
 */
export function patchChildren(parent, wanted) {
  const had = [...parent.childNodes];
  wanted.forEach((node, place) => {
    const old = had[place];
    if (!old) parent.append(node);
    else if (old !== node && !patched(old, node)) old.replaceWith(node);
  });
  for (const extra of had.slice(wanted.length)) extra.remove();
}
