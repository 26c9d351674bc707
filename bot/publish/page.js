const fold = text => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[\u00a0\u202f]/g, ' ')
  .replaceAll('\u2019', "'").toLowerCase();
const box = document.querySelector('input'), told = document.querySelector('output');
const stories = [...document.querySelectorAll('li.story')].map(story => [story, fold(story.textContent)]);
const sections = [...document.querySelectorAll('section.list')], asides = document.querySelectorAll('.aside, nav');
const whole = stories.filter(([story]) => !story.matches('.again')).length;
function search() {
  const words = fold(box.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const [story, text] of stories) {
    story.hidden = !words.every(word => text.includes(word));
    shown += !story.hidden && !story.matches('.again');
  }
  for (const section of sections) section.hidden = !section.querySelector('li.story:not([hidden])');
  for (const aside of asides) aside.hidden = words.length > 0;
  told.textContent = words.length ? `${shown} / ${whole}` : '';
}
function linked() { // page#q=words is a link to a search
  if (location.hash.startsWith('#q=')) { box.value = decodeURIComponent(location.hash.slice(3)); search(); }
}
box.parentElement.hidden = false;
box.addEventListener('input', search);
addEventListener('hashchange', linked);
addEventListener('beforeprint', () => { for (const each of document.querySelectorAll('details')) each.open = true; });
linked();
