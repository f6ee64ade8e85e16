/**
 * Marks `root` with a class while the focus is inside of it. Unlike `:focus-within` it lets go only once the pointer is up:
 * a press on a button takes the focus away before it is a click, and what collapsed at that moment would slide the button
 * from under the pointer.
 */
export function markFocusWithin(root: HTMLElement, className: string): void {
  let watching: AbortController | undefined;
  let isPressed = false;
  const settle = (): void => {
    if (root.contains(document.activeElement)) return;
    root.classList.remove(className);
    watching?.abort();
    watching = undefined;
  };
  root.addEventListener('focusin', () => {
    root.classList.add(className);
    if (watching) return;
    watching = new AbortController();
    isPressed = false;
    const options = { capture: true, signal: watching.signal };
    // The click comes right after the release, before any timer.
    const released = (): void => {
      isPressed = false;
      setTimeout(settle);
    };
    document.addEventListener('pointerdown', () => (isPressed = true), options);
    document.addEventListener('pointerup', released, options);
    document.addEventListener('pointercancel', released, options);
  });
  root.addEventListener('focusout', () => {
    if (!isPressed) setTimeout(settle);
  });
}
