// Runs before the first paint: the text size and the colours that this device chose, and whether it hides images of comments. The page waits for it, so it is small.
(() => {
  const root = document.documentElement;
  root.dataset.script = '';
  try {
    const { size, theme } = JSON.parse(localStorage.getItem('broadsheet:look')) ?? {};
    if (['2', '3', '4'].includes(size)) root.dataset.size = size;
    if (['light', 'dark'].includes(theme)) root.dataset.theme = theme;
    if (localStorage.getItem('broadsheet:images') === 'true') root.dataset.images = '';
  } catch { /* nothing kept, or storage is switched off */ }
})();
