// The page of a run: takes in its parts as they change, and draws the view that is open.

import {bars, clock, decimal, duration, el, histogram, lines, percent, short} from './chart.js';
import {startTrees, treesChanged} from './trees.js';

const VIEWS = ['run', 'training', 'rounds', 'trees', 'results'];
const run = {};       // the parts by name, as the server sends them
let received = null;  // when it sent one last
let connected = false;
let drawing = false;

const by = id => document.getElementById(id);

function view() {
  const wanted = location.hash.slice(2);
  return VIEWS.includes(wanted) ? wanted : 'run';
}

function redraw() {
  if (!drawing) {
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      header();
      draw[view()]();
    });
  }
}

function turnTo() {
  const open = view();
  for (const tab of document.querySelectorAll('[role=tab]')) {
    tab.setAttribute('aria-selected', tab.dataset.view === open);
    tab.tabIndex = tab.dataset.view === open ? 0 : -1;
  }
  for (const name of VIEWS) by(name).hidden = name !== open;
  redraw();
}

// ---- header

function seconds(stage) {
  // of the stage under way the clock goes on between two lines of the log
  return stage.over || !connected ? stage.seconds
    : stage.seconds + Math.max(0, (Date.now() - Date.parse(run.progress.last)) / 1000);
}

function timeLeft(stage) {
  if (stage.done <= 0 || stage.total <= stage.done) return '';
  return duration(stage.seconds * (stage.total - stage.done) / stage.done) + ' left';
}

function header() {
  const {about, progress} = run;
  if (!about || !progress) return;
  document.title = `${about.name} · MALT`;
  by('name').textContent = about.name;
  by('about').textContent = `${about.benchmark}, ${short(about.train)} training and `
    + `${short(about.test)} test questions · ${about.model} · begun ${local(about.begun)}`;
  const silent = progress.last ? (Date.now() - Date.parse(progress.last)) / 1000 : 0;
  const lost = progress.state === 'running' && silent > 300;
  const state = by('state');
  state.className = 'state ' + (!connected || lost ? 'lost' : progress.state);
  state.textContent = !connected ? 'not connected'
    : lost ? `silent for ${duration(silent)}`
      : progress.state === 'unknown' ? 'no log' : progress.state;
  const now = progress.stages.filter(stage => !stage.over).pop();
  by('now').hidden = progress.state !== 'running' || !now;
  if (now) {
    by('now-name').textContent = now.name;
    by('now-left').textContent = timeLeft(now);
    by('now-bar').value = now.total > 0 ? Math.min(1, now.done / now.total) : 0;
    const rate = now.tokens > 0 && now.seconds > 0 ? ` · ${short(now.tokens)} tokens · `
      + `${short(now.tokens / now.seconds)} tokens/s` : '';
    by('now-counts').textContent = `${now.done.toLocaleString('en')} of `
      + `${now.total.toLocaleString('en')} ${now.unit}${rate} · ${duration(seconds(now))}`;
  }
  by('trouble').hidden = !run.trouble;
  by('trouble').textContent = run.trouble || '';
}

function local(at) {
  const date = new Date(at);
  return Number.isNaN(date.valueOf()) ? at
    : date.toLocaleString(undefined, {dateStyle: 'medium', timeStyle: 'short'});
}

// ---- views

const card = (title, lead, ...content) => el('div', {class: 'card'}, el('h2', {}, title),
  lead ? el('p', {class: 'lead'}, lead) : null, ...content);
const panel = (title, ...content) => el('div', {class: 'panel'}, el('h3', {}, title), ...content);
const panels = all => el('div', {class: 'panels'}, all);

/** Fills a view, and leaves the keyboard's place and the scroll where they were. */
function fill(id, ...content) {
  by(id).replaceChildren(...content.filter(each => each !== null));
}

function table(head, rows) {
  return el('div', {class: 'scroll', tabindex: 0}, el('table', {},
    el('thead', {}, el('tr', {}, head.map(cell => el('th', {scope: 'col'}, cell)))),
    el('tbody', {}, rows.map(row => el('tr', {class: row.look},
      row.cells.map(cell => el('td', {}, cell)))))));
}

const draw = {
  run() {
    const {progress, plan} = run;
    if (!progress || !plan) return;
    const done = plan.filter(step => step.state === 'done').length;
    const groups = new Map();
    for (const step of plan) {
      const name = step.round === '' ? 'at the end'
        : run.about.seeds.length > 1 ? `${step.round}, seed ${step.seed}` : step.round;
      if (!groups.has(name)) groups.set(name, []);
      groups.get(name).push(step);
    }
    const rail = el('ul', {class: 'plan'}, [...groups].map(([name, steps]) => el('li', {},
      el('span', {class: 'round'}, name),
      el('span', {class: 'chips'}, steps.map(step => el('span', {class: 'chip ' + step.state,
        title: step.state}, step.name))))));
    const speed = [{name: 'tokens/s', look: 'c2', x: progress.speed.map(point => point.seconds),
      y: progress.speed.map(point => point.rate)}];
    const stages = [...progress.stages].reverse();
    fill('run',
      el('div', {class: 'columns'},
        el('div', {},
          card('Plan', `${done} of ${plan.length} steps done`
            + (progress.attempts > 1 ? `; taken up ${progress.attempts} times` : ''), rail),
          progress.speed.length > 0 ? card('Tokens a second', 'Sampled or trained on, over the time worked (minutes:seconds).',
            lines(speed, {wide: true, zero: true, format: short, formatX: clock,
              label: 'Tokens a second over time'})) : null),
        el('div', {},
          card('Warnings', null, progress.warnings.length === 0
            ? el('p', {class: 'quiet'}, 'None so far.')
            : el('ul', {class: 'warnings'}, [...progress.warnings].reverse().map(warning =>
              el('li', {}, warning.sentence, el('p', {class: 'quiet'}, local(warning.at)
                + (warning.times > 1 ? `, ${warning.times} times` : '')))))))),
      stages.length > 0 ? card('Stages', 'The newest first.', table(
        ['Stage', 'Time', 'Done', 'Tokens', 'Tokens/s'],
        stages.map(stage => ({look: stage.over ? '' : 'now', cells: [stage.name,
          duration(seconds(stage)),
          stage.total > 0 ? `${short(stage.done)}/${short(stage.total)} ${stage.unit}` : '',
          stage.tokens > 0 ? short(stage.tokens) : '',
          stage.tokens > 0 && stage.seconds > 0 ? short(stage.tokens / stage.seconds) : '']})))) : null);
  },

  training() {
    const rounds = new Map();
    for (const name of Object.keys(run).filter(key => key.startsWith('curve '))) {
      const curve = run[name];
      if (!rounds.has(curve.round)) rounds.set(curve.round, new Map());
      const job = `${curve.role} ${curve.method.toUpperCase()}`;
      const jobs = rounds.get(curve.round);
      if (!jobs.has(job)) jobs.set(job, []);
      jobs.get(job).push(curve);
    }
    if (rounds.size === 0) {
      fill('training', el('p', {class: 'empty'}, 'Nothing is trained yet.'));
      return;
    }
    fill('training', ...[...rounds].map(([round, jobs]) => card(`Round ${round}`,
      'By optimiser step; a point is the mean over neighbouring steps.',
      panels([...jobs].flatMap(([job, curves]) => charts(job, curves))))));
  },

  rounds() {
    const rounds = run.rounds || [];
    if (rounds.length === 0) {
      fill('rounds', el('p', {class: 'empty'}, 'No tree is grown yet.'));
      return;
    }
    const own = rounds.filter(round => round.round === round.trees);
    const names = own.map(round => round.round);
    const x = own.map((round, i) => i);
    const turns = run.about.turns.map(turn => turn.name);
    const of = (round, turn) => round.turns.find(each => each.name === turn);
    const over = (name, look, of) => ({name, look, x, y: own.map(of)});
    const byTurn = read => turns.map((turn, i) => over(turn, 'c' + i % 6, round => {
      const found = of(round, turn);
      return found ? read(found) : null;
    })).filter(series => series.y.some(y => y !== null && y !== undefined));
    const judges = run.about.turns.filter(turn => turn.judges).map(turn => turn.name);
    const flags = judges.flatMap((turn, i) => [
      over(`${turn}: wrong answers flagged`, i ? 'c0' : 'good',
        round => of(round, turn)?.judging?.recall ?? null),
      over(`${turn}: false alarms`, i ? 'c1' : 'bad',
        round => of(round, turn)?.judging?.false_alarm ?? null)]);
    const shares = {names, format: percent, zero: true};
    fill('rounds',
      run.reading > 0 ? el('p', {class: 'lead', role: 'status'},
        `${run.reading.toLocaleString('en')} trees are still to be read.`) : null,
      card('How the team speaks, by round', 'Of the trees that a round samples itself: what the '
        + 'rounds before it have trained shows here. Entropy is the mean of −log p over the tokens sampled.',
        panels([
          panel('Accuracy of the team’s answers', lines([over('right', 'c2', round => round.accuracy)], shares)),
          flags.length > 0 ? panel('Flags of the critiques', lines(flags, shares)) : null,
          panel('Entropy, nats a token', lines(byTurn(turn => turn.entropy), {names})),
          panel('Tokens of a completion', lines(byTurn(turn => turn.length), {names, zero: true})),
          panel('Cut at the token limit', lines(byTurn(turn => turn.truncated), shares)),
        ])),
      measured(),
      ...rounds.map(round => roundCard(round)));
  },

  trees() { treesChanged(run); },

  results() {
    if (!run.results) {
      fill('results', el('p', {class: 'empty'}, 'Not evaluated yet.'));
      return;
    }
    fill('results', card('Accuracy', 'On the questions of the evaluation, with 95 % intervals; '
      + './malt report shows the comparisons.', bars(run.results.map(row => ({
      name: row.name, value: row.accuracy, low: row.low, high: row.high, title: row.sentence,
      look: row.study ? 'ablation' : {base: 'untrained', start: 'untrained', debate: 'untrained', star: 'star',
        sft: 'star', malt: 'malt', distilled: 'malt'}[row.kind]})))));
  },
};

const CHARTS = {
  sft: [['loss', [['loss', 'c2', 'loss']]]],
  dpo: [['loss', [['loss', 'c2', 'loss']]],
    ['rewards and their margin', [['margin', 'c0', 'rewards/margins'], ['chosen', 'good', 'rewards/chosen'],
      ['rejected', 'bad', 'rewards/rejected']]],
    ['log-probabilities', [['chosen', 'good', 'logps/chosen'], ['rejected', 'bad', 'logps/rejected']]],
    ['reward accuracy', [['chosen above rejected', 'c2', 'rewards/accuracies']]]],
};

function charts(job, curves) {
  const known = CHARTS[curves[0].method] || Object.keys(curves[0].metrics)
    .filter(name => !['learning_rate'].includes(name)).map(name => [name, [[name, 'c2', name]]]);
  const last = curves[curves.length - 1];
  const state = curves.every(curve => curve.over) ? '' : ` · step ${last.done} of ${last.steps}`;
  return known.map(([title, metrics], i) => {
    const series = curves.flatMap(curve => metrics
      .filter(([, , metric]) => curve.metrics[metric])
      .map(([name, look, metric]) => ({look, x: curve.at, y: curve.metrics[metric],
        name: curves.length > 1 ? `${name}, seed ${curve.seed}` : name})));
    return panel(`${job}: ${title}${i === 0 ? state : ''}`, lines(series, {label: `${job} ${title}`}));
  });
}

function measured() {
  const rows = run.measured || [];
  if (rows.length === 0) return null;
  const names = [...new Set(rows.map(row => row.when))];
  const seeds = [...new Set(rows.map(row => row.seed))];
  const series = seeds.map((seed, i) => {
    const own = rows.filter(row => row.seed === seed);
    return {name: seeds.length > 1 ? `seed ${seed}` : 'right', look: 'c' + i % 6,
      x: own.map(row => names.indexOf(row.when)), y: own.map(row => row.diagnosis.accuracy)};
  });
  return card('The dev questions, by repetition', null,
    lines(series, {names, format: percent, wide: true}));
}

function roundCard(round) {
  const whose = round.round === round.trees ? '' : `, on the trees of ${round.trees}`;
  const growing = round.begun - round.complete;
  const rows = round.turns.map(turn => ({cells: [turn.name, short(turn.completions),
    turn.nodes ? percent(turn.correct / turn.nodes) : '–', short(turn.ungradable),
    decimal(turn.length), decimal(turn.entropy), percent(turn.truncated),
    turn.judging ? percent(turn.judging.recall) : '', turn.judging ? percent(turn.judging.false_alarm) : '']}));
  const sets = Object.entries(round.sets);
  return card(`Round ${round.round}${whose}`,
    `${short(round.complete)} trees${growing > 0 ? `, ${short(growing)} growing` : ''}; `
    + `${percent(round.accuracy)} of the answers are right; critiques turned `
    + `${round.helped.toLocaleString('en')} wrong answers right and ${round.harmed.toLocaleString('en')} right ones wrong.`,
    panels(round.turns.filter(turn => turn.nodes > 0).map((turn, i) => panel(
      `${turn.name}: nodes by value`, histogram(turn.histogram, 'c' + i % 6, `${turn.name}, nodes by value`)))),
    table(['Turn', 'Completions', 'Labelled correct', 'No value', 'Tokens', 'Entropy', 'Cut',
      'Hits', 'False alarms'], rows),
    sets.length > 0 ? table(['Sets of', 'SFT examples', 'Preference pairs', 'PPO'],
      sets.map(([role, made]) => ({cells: [role, short(made.sft), short(made.pairs), short(made.ppo)]})))
      : null);
}

// ---- what happens

function follow() {
  const events = new EventSource('events');
  events.onopen = () => { connected = true; redraw(); };
  events.onmessage = event => {
    const {part, is} = JSON.parse(event.data);
    run[part] = is;
    received = Date.now();
    redraw();
  };
  events.onerror = () => { connected = false; redraw(); };
  setInterval(() => { if (received) header(); }, 1000);
}

document.addEventListener('keydown', event => {
  const typing = event.target.closest('input, select, textarea');
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/' && !typing) {
    event.preventDefault();
    location.hash = '#/trees';
    turnTo();
    document.querySelector('#search [name=text]').focus();
  } else if (!typing && event.key >= '1' && event.key <= String(VIEWS.length)) {
    location.hash = '#/' + VIEWS[Number(event.key) - 1];
  } else if (event.target.role === 'tab' || event.target.getAttribute?.('role') === 'tab') {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (step) {
      const next = VIEWS[(VIEWS.indexOf(view()) + step + VIEWS.length) % VIEWS.length];
      location.hash = '#/' + next;
      document.querySelector(`[data-view=${next}]`).focus();
    }
  }
});
addEventListener('hashchange', turnTo);
addEventListener('resize', redraw);

startTrees();
turnTo();
follow();
