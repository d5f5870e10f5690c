import { init } from 'echarts';

/** A line of a chart: points by minute. */
export interface ChartLine {
  readonly name: string;
  readonly points: readonly (readonly [minute: number, value: number])[];
}

export interface ChartOptions {
  readonly title: string;
  /** What stands on the axis, with its unit. */
  readonly axis: string;
  readonly logarithmic?: boolean;
  readonly lines: readonly ChartLine[];
  /** Dashed lines across, at these minutes. */
  readonly marks: readonly { readonly at: number; readonly name: string }[];
}

const SIZE = { width: 1_000, height: 420 } as const;
/** More points than that nobody sees. */
const MOST_POINTS = 400;

/** Of echarts: lines after these are told apart by dashes. */
const COLOURS = 9;

/** A chart over the minutes of a run, as SVG. */
export function lineChart({ title, axis, logarithmic, lines, marks }: ChartOptions): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  try {
    chart.setOption({
      animation: false,
      backgroundColor: '#ffffff',
      title: { text: title, left: 'center', textStyle: { fontSize: 15 } },
      grid: { left: 80, right: 24, top: 60, bottom: 84 },
      legend: { bottom: 0, type: 'plain', textStyle: { fontSize: 11 }, itemHeight: 8 },
      xAxis: {
        type: 'value',
        name: 'minute',
        nameLocation: 'middle',
        nameGap: 24,
        min: 0,
        max: ({ max }: { readonly max: number }) => Math.ceil(max),
      },
      yAxis: {
        type: logarithmic === true ? 'log' : 'value',
        name: axis,
        nameLocation: 'middle',
        nameGap: 56,
      },
      series: lines.map(({ name, points }, n) => ({
        name,
        type: 'line',
        symbolSize: 5,
        // Each symbol is an element of its own, and an hour has thousands: only what is no line yet has them.
        showSymbol: points.length < 3,
        lineStyle: { width: 1.2, type: n < COLOURS ? 'solid' : 'dashed' },
        data: thinned(points),
        ...(n === 0 && { markLine: markLine(marks) }),
      })),
    });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function markLine(marks: ChartOptions['marks']) {
  return {
    silent: true,
    symbol: 'none',
    lineStyle: { type: 'dashed', color: '#999999', width: 1 },
    label: { formatter: '{b}', fontSize: 9, color: '#666666' },
    data: marks.map(({ at, name }) => ({ name, xAxis: at })),
  };
}

/** The highest of each stretch: a peak must not vanish. */
function thinned(points: ChartLine['points']): ChartLine['points'] {
  const stretch = Math.ceil(points.length / MOST_POINTS);
  if (stretch <= 1) return points;
  const kept: (readonly [number, number])[] = [];
  for (let from = 0; from < points.length; from += stretch) {
    const part = points.slice(from, from + stretch);
    kept.push(part.reduce((highest, point) => (point[1] > highest[1] ? point : highest)));
  }
  return kept;
}
