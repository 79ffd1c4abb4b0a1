/**
 * Makes an element like another one of a page that was loaded, and keeps what is the same: what has the focus, or is about to be pressed,
 * stays. Elements with `data-key` are the same wherever they stand among their siblings.
 */
export function become(element, wanted) {
  if (element.isEqualNode(wanted)) return;
  if (element.nodeType === Node.TEXT_NODE) element.data = wanted.data;
  if (element.nodeType !== Node.ELEMENT_NODE) return;
  for (const { name } of [...element.attributes])
    if (!wanted.hasAttribute(name)) element.removeAttribute(name);
  for (const { name, value } of wanted.attributes)
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  arrange(element, [...wanted.childNodes]);
}

function arrange(element, wanted) {
  const keys = new Set(wanted.map(keyOf));
  for (const child of [...element.childNodes])
    if (keyOf(child) && !keys.has(keyOf(child))) child.remove();
  const keyed = new Map([...element.childNodes].map((child) => [keyOf(child), child]));
  let place = element.firstChild;
  for (const next of wanted) {
    const found = keyOf(next) ? keyed.get(keyOf(next)) : isAlike(place, next) ? place : null;
    if (!found) element.insertBefore(document.importNode(next, true), place);
    else {
      if (found === place) place = place.nextSibling;
      else element.insertBefore(found, place);
      become(found, next);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function keyOf(node) {
  return node.dataset?.key ?? "";
}

function isAlike(one, other) {
  return one !== null && keyOf(one) === "" && one.nodeName === other.nodeName;
}
