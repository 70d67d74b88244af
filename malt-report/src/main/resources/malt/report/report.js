const browse = document.getElementById('browse');
if (browse) {
  const trees = [...document.querySelectorAll('details.tree')];
  browse.hidden = false;
  browse.querySelector('input').addEventListener('input', event => {
    const wanted = event.target.value.toLowerCase();
    for (const tree of trees) {
      tree.hidden = !tree.textContent.toLowerCase().includes(wanted);
    }
  });
  for (const button of browse.querySelectorAll('button')) {
    button.addEventListener('click', () => {
      for (const tree of trees.filter(each => !each.hidden)) {
        for (const part of [tree, ...tree.querySelectorAll('details')]) {
          part.open = button.dataset.open === 'yes';
        }
      }
    });
  }
}
