/** Lets the keyboard into wide code and tables, which scroll by themselves. */
export function reachWideBlocks(root) {
  for (const block of root.querySelectorAll(".prose :is(pre, table):not([tabindex])")) {
    if (block.scrollWidth > block.clientWidth) block.tabIndex = 0;
  }
}
