// The browser of trees: a search, the questions it finds, and one tree that opens node by node.

import {decimal, el} from './chart.js';

const by = id => document.getElementById(id);
const form = by('search');
const list = by('list');
let found = [];       // the trees listed
let total = 0;
let chosen = null;    // of these
let tree = null;      // the chosen one with its nodes
let known = '';       // the rounds and seeds in the form, and what the run said of its trees
let asked = 0;        // searches so far: a late answer to an earlier one is dropped

const key = each => [each.seed, each.round, each.trees, each.id].join(' ');

export function startTrees() {
  form.addEventListener('input', () => search());
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('keydown', event => {
    if (event.key === 'Enter' && found.length > 0) {
      event.preventDefault();
      choose(0);
    }
  });
  by('more').addEventListener('click', () => search(found.length));
  list.addEventListener('click', event => {
    const item = event.target.closest('li');
    if (item) choose([...list.children].indexOf(item));
  });
  list.addEventListener('keydown', event => {
    const now = found.findIndex(each => chosen && key(each) === key(chosen));
    const next = {ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: found.length - 1}[event.key];
    if (next !== undefined) {
      event.preventDefault();
      if (next >= 0 && next < found.length) choose(next, false);
    } else if (event.key === 'Enter' || event.key === 'ArrowRight') {
      event.preventDefault();
      if (now >= 0) choose(now);
    }
  });
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && !by('tree').hidden && !by('trees').hidden) close();
  });
}

/** The run's parts have changed, or the view was opened. */
export function treesChanged(run) {
  if (!run.about || !run.rounds) return;
  options(form.elements.seed, run.about.seeds.map(String));
  options(form.elements.round, [...new Set(run.rounds.map(each => each.round))]);
  const state = JSON.stringify(run.rounds.map(each => [each.begun, each.complete, each.sets]));
  if (state !== known) {
    known = state;
    search();
    if (chosen && tree && (!tree.complete || tree.pairs.length === 0)) show(false);
  }
}

function options(select, values) {
  const now = [...select.options].slice(1).map(option => option.value);
  if (now.join() !== values.join()) {
    const selected = select.value;
    select.replaceChildren(select.options[0], ...values.map(value => el('option', {}, value)));
    select.value = values.includes(selected) ? selected : '';
  }
  select.closest('label').hidden = values.length < 2;
}

async function search(from = 0) {
  const number = ++asked;
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value !== '') query.set(name, value);
  }
  query.set('from', from);
  const response = await fetch('trees?' + query);
  if (number !== asked) return;
  if (!response.ok) {
    by('found').textContent = await response.text();
    return;
  }
  const page = await response.json();
  found = from === 0 ? page.trees : [...found, ...page.trees];
  total = page.total;
  by('found').textContent = total === 0 ? 'No tree is like that.'
    : `${total.toLocaleString('en')} tree${total === 1 ? '' : 's'}`;
  by('more').hidden = found.length >= total;
  list.replaceChildren(...found.map(item));
}

function meter(value) {
  const inner = el('b');
  inner.style.width = 100 * value + '%';
  return el('span', {class: 'meter', 'aria-hidden': true}, inner);
}

function item(each, i) {
  const selected = chosen !== null && key(each) === key(chosen);
  return el('li', {role: 'option', 'aria-selected': selected, id: 'option-' + i},
    el('div', {class: 'what'}, each.question),
    el('div', {class: 'facts'},
      each.value === null ? el('span', {}, each.complete ? 'no value' : 'growing')
        : [meter(each.value), el('span', {}, 'value ' + decimal(each.value))],
      each.harmed > 0 ? el('span', {class: 'tag wrong'}, `${each.harmed} turned wrong`) : null,
      each.helped > 0 ? el('span', {class: 'tag right'}, `${each.helped} turned right`) : null,
      el('span', {}, (each.round === each.trees ? each.round : `${each.round} on ${each.trees}`)
        + ' · seed ' + each.seed),
      el('span', {}, each.id)));
}

function choose(index, enter = true) {
  chosen = found[index];
  [...list.children].forEach((child, i) => child.setAttribute('aria-selected', i === index));
  list.setAttribute('aria-activedescendant', 'option-' + index);
  list.children[index].scrollIntoView({block: 'nearest'});
  show(enter);
}

function close() {
  tree = null;
  by('tree').hidden = true;
  list.focus();
  list.querySelector('[aria-selected=true]')?.scrollIntoView({block: 'nearest'});
}

async function show(enter) {
  const wanted = chosen;
  const response = await fetch('tree?' + new URLSearchParams({seed: wanted.seed,
    round: wanted.round, trees: wanted.trees, id: wanted.id}));
  if (wanted !== chosen) return;
  by('tree').hidden = false;
  if (!response.ok) {
    by('tree').replaceChildren(el('p', {class: 'card'}, await response.text()));
    return;
  }
  const open = new Set([...by('tree').querySelectorAll('[aria-expanded=true]')]
    .filter(() => tree && tree.id === wanted.id).map(node => node.dataset.path));
  tree = await response.json();
  draw(open);
  if (enter) by('tree').querySelector('[role=treeitem]')?.focus();
}

// ---- one tree

function draw(open) {
  const children = new Map();
  for (const node of tree.nodes) {
    const parent = node.path.slice(0, -1).join('.');
    if (!children.has(parent)) children.set(parent, []);
    children.get(parent).push(node);
  }
  const back = el('button', {type: 'button'}, '← Questions');
  const all = el('button', {type: 'button'}, 'Open all');
  const none = el('button', {type: 'button'}, 'Close all');
  back.addEventListener('click', close);
  all.addEventListener('click', () => items().forEach(each => toggle(each, true)));
  none.addEventListener('click', () => items().forEach(each => toggle(each, false)));
  const root = el('ul', {role: 'tree', 'aria-label': 'What the team said'},
    (children.get('') || []).map((node, i) => branch(node, children, open, i === 0)));
  root.addEventListener('click', event => {
    const row = event.target.closest('.row');
    if (row) {
      toggle(row.parentElement, row.parentElement.getAttribute('aria-expanded') !== 'true');
      row.parentElement.focus();
    }
  });
  root.addEventListener('keydown', keys);
  by('tree').replaceChildren(el('div', {class: 'card'},
    el('div', {class: 'facts'}, el('span', {}, tree.id),
      tree.complete ? null : el('span', {class: 'tag'}, 'still growing; no values yet')),
    el('p', {class: 'question'}, tree.question),
    el('p', {}, 'Right answer: ', el('strong', {}, tree.reference)),
    el('div', {class: 'bar'}, back, all, none), root, pairs()));
  by('tree').scrollTop = 0;
}

const shown = path => path.join('.');

function branch(node, children, open, first) {
  const path = shown(node.path);
  const below = children.get(path) || [];
  const label = node.label === null ? '' : node.label ? 'correct' : 'incorrect';
  const as = side => tree.pairs.filter(pair => shown(pair[side]) === path).length;
  const tags = [
    node.grade === 'correct' ? ['right', 'right answer'] : null,
    node.grade === 'incorrect' ? ['wrong', 'wrong answer'] : null,
    node.flags === true ? ['', 'says wrong'] : null,
    node.flags === false ? ['', 'does not object'] : null,
    node.turned ? [node.turned, `turned the answer ${node.turned}`] : null,
    as('chosen') ? ['right', `chosen in ${as('chosen')}`] : null,
    as('rejected') ? ['wrong', `rejected in ${as('rejected')}`] : null,
    node.finish === 'length' ? ['wrong', 'cut'] : null,
    node.finish === 'failed' ? ['wrong', 'failed'] : null].filter(tag => tag !== null);
  const text = node.text.trim().replace(/\s+/g, ' ');
  const detail = [node.value === null ? null : `value ${decimal(node.value)}, label ${label}`,
    node.extracted === null ? null : `answer ${node.extracted}`,
    node.tokens > 0 ? `${node.tokens} tokens` : null,
    node.entropy === null ? null : `${decimal(node.entropy)} nats a token`,
    `said by ${node.adapter}`].filter(each => each !== null).join(' · ');
  const made = el('li', {role: 'treeitem', 'aria-expanded': open.has(path), 'data-path': path,
    tabindex: first ? 0 : -1, 'aria-label': `${node.turn} ${path}, ${label}: ${text.slice(0, 80)}`},
  el('div', {class: 'row ' + label},
    el('span', {class: 'who'}, `${node.turn} ${path}`),
    node.value === null ? null : el('span', {class: 'value'}, node.value.toFixed(2)),
    tags.map(([look, words]) => el('span', {class: 'tag ' + look}, words)),
    el('span', {class: 'preview'}, text)),
  el('div', {class: 'inside', hidden: !open.has(path)},
    el('pre', {}, node.text), el('p', {class: 'detail quiet'}, detail),
    below.length > 0 ? el('ul', {role: 'group'}, below.map(each => branch(each, children, open, false)))
      : null));
  return made;
}

const items = () => [...by('tree').querySelectorAll('[role=treeitem]')];

/** Those that can be seen, in order. */
const visible = () => items().filter(each => !each.parentElement.closest('.inside[hidden]'));

function toggle(node, open) {
  node.setAttribute('aria-expanded', open);
  node.querySelector('.inside').hidden = !open;
}

function keys(event) {
  const node = event.target.closest('[role=treeitem]');
  if (!node) return;
  const open = node.getAttribute('aria-expanded') === 'true';
  const all = visible();
  const move = to => {
    if (to) {
      items().forEach(each => { each.tabIndex = -1; });
      to.tabIndex = 0;
      to.focus();
    }
  };
  const actions = {
    ArrowDown: () => move(all[all.indexOf(node) + 1]),
    ArrowUp: () => move(all[all.indexOf(node) - 1]),
    Home: () => move(all[0]),
    End: () => move(all[all.length - 1]),
    ArrowRight: () => open ? move(node.querySelector('[role=treeitem]')) : toggle(node, true),
    ArrowLeft: () => open ? toggle(node, false) : move(node.parentElement.closest('[role=treeitem]')),
    Enter: () => toggle(node, !open),
    ' ': () => toggle(node, !open),
  };
  if (actions[event.key]) {
    event.preventDefault();
    actions[event.key]();
  }
}

function pairs() {
  if (tree.pairs.length === 0) return null;
  const text = path => tree.nodes.find(node => shown(node.path) === shown(path))?.text ?? '';
  return el('details', {}, el('summary', {},
    `Preference pairs made of this tree: ${tree.pairs.length}`),
  tree.pairs.map(pair => el('div', {class: 'pair'},
    ['chosen', 'rejected'].map(side => el('div', {class: side},
      el('h4', {}, `${pair.role}, ${side}: ${shown(pair[side])}`), el('pre', {}, text(pair[side])))))));
}
