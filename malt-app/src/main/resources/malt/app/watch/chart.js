// Elements, numbers as people read them, and charts as inline SVG.

/** An element with attributes and children; a child may be a text, and null is none. */
export function el(name, attributes = {}, ...children) {
  const svg = ['svg', 'g', 'path', 'line', 'text', 'rect', 'circle'].includes(name);
  const made = svg ? document.createElementNS('http://www.w3.org/2000/svg', name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(key, value === true ? '' : value);
    }
  }
  made.append(...children.flat().filter(child => child !== null && child !== undefined));
  return made;
}

export function short(number) {
  if (number === null || number === undefined) return '–';
  const size = Math.abs(number);
  if (size >= 1e9) return (number / 1e9).toFixed(1) + 'G';
  if (size >= 1e6) return (number / 1e6).toFixed(1) + 'M';
  if (size >= 1e4) return Math.round(number / 1e3) + 'k';
  if (size >= 1e3) return (number / 1e3).toFixed(1) + 'k';
  return String(Math.round(number));
}

export function decimal(number) {
  if (number === null || number === undefined) return '–';
  return Math.abs(number) >= 1000 ? short(number) : String(Number(number.toPrecision(3)));
}

export function percent(share) {
  return share === null || share === undefined ? '–' : String(Number((100 * share).toFixed(1))) + ' %';
}

export function duration(seconds) {
  const whole = Math.round(Math.max(0, seconds));
  if (whole < 60) return whole + ' s';
  const two = number => String(number).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} min`;
}

/** A time in a row of times: 0:50, 1:40, 2:11:05. */
export function clock(seconds) {
  const whole = Math.round(seconds);
  const two = number => String(number).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return (minutes < 60 ? minutes : `${Math.floor(minutes / 60)}:${two(minutes % 60)}`)
    + ':' + two(whole % 60);
}

/** About `count` round numbers from low to high. */
function ticks(low, high, count) {
  const raw = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find(times => times * power >= raw * 0.999);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
    found.push(i * step);
  }
  return found;
}

/**
 * Lines over a common axis. A series is {name, look, x, y}: y may hold null where there is nothing.
 * Options: format of values, of x (or names: what stands at 0, 1, ...), zero (whether the axis
 * begins there), wide.
 */
export function lines(series, {format = decimal, formatX = short, names = null, zero = false,
  wide = false, label = ''} = {}) {
  const width = wide && innerWidth > 760 ? 680 : 340;
  const height = 172;
  const left = 44, right = 10, top = 8, bottom = 22;
  const drawn = series.map(each => ({...each,
    points: each.x.map((x, i) => [x, each.y[i]])
      .filter(([, y]) => y !== null && y !== undefined && Number.isFinite(y))}))
    .filter(each => each.points.length > 0);
  const all = drawn.flatMap(each => each.points);
  if (all.length === 0) return el('p', {class: 'empty'}, 'nothing yet');
  const xs = all.map(point => point[0]), ys = all.map(point => point[1]);
  let [x0, x1] = [Math.min(...xs), Math.max(...xs)];
  let [y0, y1] = [Math.min(...ys), Math.max(...ys)];
  if (zero) [y0, y1] = [Math.min(0, y0), Math.max(0, y1)];
  if (y0 === y1) [y0, y1] = y0 === 0 ? [0, 1] : [y0 - Math.abs(y0) / 2, y1 + Math.abs(y1) / 2];
  if (x0 === x1) [x0, x1] = [x0 - 1, x1 + 1];
  const margin = (y1 - y0) * 0.06;
  y1 += margin;
  if (!(zero && y0 === 0)) y0 -= margin;
  const px = x => left + (x - x0) / (x1 - x0) * (width - left - right);
  const py = y => top + (y1 - y) / (y1 - y0) * (height - top - bottom);
  const svg = el('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label});
  for (const y of ticks(y0, y1, 4)) {
    svg.append(el('line', {class: 'grid', x1: left, x2: width - right, y1: py(y), y2: py(y)}),
      el('text', {x: left - 6, y: py(y) + 4, 'text-anchor': 'end'}, format(y)));
  }
  const marks = names ? names.map((name, i) => [i, name])
    : ticks(x0, x1, width > 400 ? 8 : 4).map(x => [x, formatX(x)]);
  const room = Math.floor((width - left) / Math.max(1, marks.length) / 6.2);
  for (const [x, name] of marks) {
    const place = px(x);
    const anchor = marks.length > 1 && place > width - 30 ? 'end'
      : marks.length > 1 && place < left + 20 ? 'start' : 'middle';
    svg.append(el('text', {x: place, y: height - 6, 'text-anchor': anchor},
      name.length > room && names ? name.slice(0, Math.max(1, room - 1)) + '…' : name));
  }
  const legend = el('div', {class: 'legend'});
  const values = drawn.map(each => {
    const path = each.points.map(([x, y], i) => (i ? 'L' : 'M') + px(x).toFixed(1) + ' '
      + py(y).toFixed(1)).join('');
    const group = el('g', {class: each.look}, el('path', {class: 'line', d: path}));
    if (each.points.length < 16) {
      each.points.forEach(([x, y]) =>
        group.append(el('circle', {class: 'fill point', cx: px(x), cy: py(y), r: 4})));
    }
    svg.append(group);
    const value = el('span', {});
    legend.append(el('span', {class: each.look}, el('i'), each.name + ' ', value));
    return value;
  });
  const cursor = el('line', {class: 'cursor', y1: top, y2: height - bottom, visibility: 'hidden'});
  svg.append(cursor);
  const show = at => {
    drawn.forEach((each, i) => {
      const near = at === null ? each.points[each.points.length - 1]
        : each.points.reduce((a, b) => Math.abs(b[0] - at) < Math.abs(a[0] - at) ? b : a);
      values[i].textContent = format(near[1]);
    });
    cursor.setAttribute('visibility', at === null ? 'hidden' : 'visible');
    if (at !== null) {
      cursor.setAttribute('x1', px(at));
      cursor.setAttribute('x2', px(at));
    }
  };
  show(null);
  svg.addEventListener('pointermove', event => {
    const box = svg.getBoundingClientRect();
    const x = x0 + ((event.clientX - box.left) / box.width * width - left)
      / (width - left - right) * (x1 - x0);
    show(Math.min(x1, Math.max(x0, x)));
  });
  svg.addEventListener('pointerleave', () => show(null));
  return el('div', {}, svg, legend);
}

/** Nodes by value in ten bins, as shares of all. */
export function histogram(counts, look, label) {
  const width = 340, height = 116, left = 34, bottom = 20, top = 8;
  const total = counts.reduce((a, b) => a + b, 0) || 1;
  const most = Math.max(...counts) / total || 1;
  const svg = el('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label,
    class: look});
  for (const share of [0, most]) {
    const y = top + (1 - share / most) * (height - top - bottom);
    svg.append(el('line', {class: 'grid', x1: left, x2: width, y1: y, y2: y}),
      el('text', {x: left - 5, y: y + 4, 'text-anchor': 'end'}, Math.round(100 * share) + ' %'));
  }
  counts.forEach((count, bin) => {
    const step = (width - left) / counts.length;
    const tall = count / total / most * (height - top - bottom);
    const bar = el('rect', {class: 'fill', x: left + bin * step + 2, width: step - 4, rx: 2,
      y: height - bottom - tall, height: tall});
    bar.append(document.createElementNS('http://www.w3.org/2000/svg', 'title'));
    bar.firstChild.textContent = `value ${bin / 10} to ${(bin + 1) / 10}: ${count} nodes`;
    svg.append(bar);
  });
  for (const value of [0, 0.5, 1]) {
    svg.append(el('text', {x: left + value * (width - left), y: height - 5,
      'text-anchor': value === 0 ? 'start' : value === 1 ? 'end' : 'middle'}, String(value)));
  }
  return svg;
}

/** Shares with their intervals; a row is {name, look, value, low, high, title}. */
export function bars(rows) {
  const narrow = innerWidth <= 760; // names stand above their bars
  const width = narrow ? 340 : 900, label = narrow ? 0 : 210, step = narrow ? 42 : 27, tail = 48;
  const most = Math.min(1, Math.ceil(Math.max(...rows.map(row => row.high)) * 10) / 10);
  const px = share => label + share / most * (width - label - tail);
  const height = rows.length * step + 24;
  const svg = el('svg', {viewBox: `0 0 ${width} ${height}`, role: 'img',
    'aria-label': 'Accuracy by method'});
  for (const share of ticks(0, most, narrow ? 4 : 6)) {
    svg.append(el('line', {class: 'grid', x1: px(share), x2: px(share), y1: 0, y2: height - 20}),
      el('text', {x: px(share), y: height - 5, 'text-anchor': share === 0 && narrow ? 'start'
        : 'middle'}, Math.round(100 * share) + ' %'));
  }
  rows.forEach((row, i) => {
    const middle = (i + 1) * step - 13;
    const group = el('g', {class: row.look},
      narrow ? el('text', {class: 'name', x: 0, y: middle - 14}, row.name)
        : el('text', {class: 'name', x: label - 8, y: middle + 4, 'text-anchor': 'end'}, row.name),
      el('rect', {class: 'fill', x: label, y: middle - 8, height: 16, rx: 3,
        width: px(row.value) - label}),
      el('line', {class: 'whisker', x1: px(row.low), x2: px(row.high), y1: middle, y2: middle}),
      el('text', {x: px(row.high) + 7, y: middle + 4}, (100 * row.value).toFixed(1)));
    group.append(document.createElementNS('http://www.w3.org/2000/svg', 'title'));
    group.lastChild.textContent = row.title;
    svg.append(group);
  });
  return svg;
}
