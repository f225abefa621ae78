// A key press by the name that keys.toml gives it: "1", "Shift+1", "u", "Ctrl+Shift+z", "Enter".
// Digits go by their place on the keyboard: with Shift, a Danish one types ! " # ¤ there, and an
// American one ! @ # $.
function keyName(event) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  const onPad = event.code.startsWith("Numpad");
  let key = event.key;
  if (digit && (!onPad || /^\d$/.test(key))) key = digit[1];
  else if (key === " ") key = "Space";
  else if (key.length === 1) key = key.toLowerCase();
  const isSign = key.length === 1 && !/[\p{L}\p{N}]/u.test(key);
  const held = [
    [event.ctrlKey || event.metaKey, "Ctrl"],
    [event.altKey, "Alt"],
    [event.shiftKey && !isSign, "Shift"],
  ];
  return [...held.filter(([on]) => on).map(([, name]) => name), key].join("+");
}

// Whether a press goes into a field, where it writes and does nothing else.
const isField = (element) =>
  Boolean(element?.matches?.("input, textarea, select, [contenteditable]"));
