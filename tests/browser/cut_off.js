// What is cut off on the page as it is now: one line for each, empty when everything can be read.
() => {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} px wide`);
  const hidden = (element) => {
    for (let at = element; at && at !== root; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.clipPath !== "none" || style.visibility !== "visible" || at.matches(".skip, option")) return true;
    }
    return !element.checkVisibility();
  };
  const scrolls = (element) => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };
  const words = (text) => text.trim().replace(/\s+/g, " ").slice(0, 60);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const element = text.parentElement;
    if (!text.textContent.trim() || element.closest("script, template") || hidden(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const button = element.closest(".btn, button, [role=button]")?.getBoundingClientRect();
    for (const box of range.getClientRects()) {
      const isOutside = box.right > root.clientWidth + 1 || box.left < -1;
      if (isOutside && !scrolls(element)) found.push(`beside the page: ${words(text.textContent)}`);
      if (button && (box.right > button.right + 1 || box.left < button.left - 1 || box.bottom > button.bottom + 1
          || box.top < button.top - 1)) found.push(`out of its button: ${words(text.textContent)}`);
    }
    const { overflowX, overflowY } = getComputedStyle(element);
    if (/hidden|clip/.test(overflowX) && element.scrollWidth > element.clientWidth + 1
        || /hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 1) {
      found.push(`cut: ${words(text.textContent)}`);
    }
  }
  return [...new Set(found)];
}
