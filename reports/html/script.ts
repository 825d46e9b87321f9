/**
 * The script of the page: conveniences only, the page reads whole without it. It holds no data and writes no markup.
 * A filter opens the areas it leaves; the search hides rows; a link to a folded part opens it; a button copies a script; print unfolds
 * requirements and findings.
 */
export const script = `
'use strict';
const areas = [...document.querySelectorAll('details.area')];
const search = document.getElementById('search');
const openAreas = () => areas.forEach((area) => { area.open = true; });
document.querySelectorAll('input[name=show]').forEach((radio) => radio.addEventListener('change', openAreas));
if (search) {
  search.hidden = false;
  search.addEventListener('input', () => {
    const words = search.value.trim().toLowerCase();
    for (const area of areas) {
      let any = false;
      for (const row of area.querySelectorAll('tbody tr')) {
        const isHit = row.textContent.toLowerCase().includes(words);
        row.classList.toggle('hit-none', !isHit);
        any ||= isHit;
      }
      area.classList.toggle('hit-none', !any);
    }
    if (words !== '') openAreas();
  });
}
const unfold = () => {
  const part = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = part && part.closest('details'); fold; fold = fold.parentElement && fold.parentElement.closest('details')) fold.open = true;
  if (part) part.scrollIntoView();
};
addEventListener('hashchange', unfold);
unfold();
addEventListener('beforeprint', () => document.querySelectorAll('details.area, details.finding').forEach((part) => { part.open = true; }));
if (navigator.clipboard) {
  document.querySelectorAll('button.copy').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.nextElementSibling.textContent);
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
  });
}
`;
