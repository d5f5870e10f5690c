import { Counter, type Registry } from 'prom-client';

/** Counts alerts by what they say. */
export function alertCounter(metrics: Registry): (alert: string) => void {
  const alerts = new Counter({
    name: 'rapport_alerts_total',
    help: 'Alerts told to the operator, by what they say',
    labelNames: ['alert'],
    registers: [metrics],
  });
  return (alert) => alerts.inc({ alert });
}
